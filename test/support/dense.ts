/** Plain dense linear algebra, slow and obvious. Rows of numbers. */

export const times = (a: number[][], b: number[][]): number[][] =>
  a.map((row) => b[0]!.map((_, column) => row.reduce((sum, value, k) => sum + value * b[k]![column]!, 0)))

export const turned = (a: number[][]): number[][] => a[0]!.map((_, column) => a.map((row) => row[column]!))

/** x of a x = b, by Gauss with the largest pivot. */
export function solve(a: number[][], b: number[]): number[] {
  const rows = a.map((row, at) => [...row, b[at]!])
  const n = rows.length
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let row = column; row < n; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row
    const chosen = rows[pivot]!
    rows[pivot] = rows[column]!
    rows[column] = chosen
    for (let row = 0; row < n; row++) {
      if (row === column) continue
      const factor = rows[row]![column]! / chosen[column]!
      for (let at = column; at <= n; at++) rows[row]![at]! -= factor * chosen[at]!
    }
  }
  return rows.map((row, at) => row[n]! / row[at]!)
}

/**
 * For each column j of y its own ridge regression on all columns of x but j.
 * @returns [from][to]
 */
export function leastSquaresWithout(x: number[][], y: number[][], ridge: number): number[][] {
  const n = x[0]!.length
  const weights = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  for (let to = 0; to < n; to++) {
    const others = Array.from({ length: n }, (_, at) => at).filter((at) => at !== to)
    const without = x.map((row) => others.map((at) => row[at]!))
    const gram = times(turned(without), without).map((row, at) =>
      row.map((value, column) => value + (at === column ? ridge : 0)),
    )
    const toward = others.map((at) => x.reduce((sum, row, r) => sum + row[at]! * y[r]![to]!, 0))
    for (const [at, weight] of solve(gram, toward).entries()) weights[others[at]!]![to] = weight
  }
  return weights
}
