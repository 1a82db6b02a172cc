import { largest, type Sparse, sparseBuilder, transpose } from './sparse.ts'

/**
 * The customers most like each one: cosine over their weights of items, divided by the sum over those kept, so that a row sums to 1.
 * @param weights customers x items
 * @returns customers x customers, at most `neighbours` a row
 */
export function similarCustomers(weights: Sparse, neighbours: number): Sparse {
  const { rows, start, index, value } = weights
  const holders = transpose(weights)
  const norm = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let at = start[row]!; at < start[row + 1]!; at++) sum += value[at]! ** 2
    norm[row] = Math.sqrt(sum)
  }
  const alike = new Float64Array(rows)
  const seen = new Int32Array(rows)
  const built = sparseBuilder(rows)
  for (let row = 0; row < rows; row++) {
    let count = 0
    for (let at = start[row]!; at < start[row + 1]!; at++) {
      const item = index[at]!
      const weight = value[at]!
      for (let held = holders.start[item]!; held < holders.start[item + 1]!; held++) {
        const other = holders.index[held]!
        if (alike[other] === 0) seen[count++] = other
        alike[other]! += weight * holders.value[held]!
      }
    }
    const met = seen.subarray(0, count)
    for (const other of met) alike[other] = other === row ? 0 : alike[other]! / (norm[row]! * norm[other]!)
    const best = largest(alike, met, neighbours).filter((other) => alike[other]! > 0)
    const total = best.reduce((sum, other) => sum + alike[other]!, 0)
    for (const other of best.sort((a, b) => a - b)) built.add(other, alike[other]! / total)
    built.endRow()
    for (const other of met) alike[other] = 0
  }
  return built.done()
}
