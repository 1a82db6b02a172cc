/** Rows of a matrix that is mostly zeros: entries of row r are start[r] to start[r + 1], by ascending column. */
export type Sparse = { rows: number; columns: number; start: Int32Array; index: Int32Array; value: Float64Array }

/** The same entries by column. */
export function transpose({ rows, columns, start, index, value }: Sparse): Sparse {
  const begin = new Int32Array(columns + 1)
  for (const column of index) begin[column + 1]!++
  for (let column = 0; column < columns; column++) begin[column + 1]! += begin[column]!
  const next = begin.slice()
  const turned = { rows: columns, columns: rows, start: begin } as Sparse
  turned.index = new Int32Array(index.length)
  turned.value = new Float64Array(index.length)
  for (let row = 0; row < rows; row++) {
    for (let at = start[row]!; at < start[row + 1]!; at++) {
      const to = next[index[at]!]!++
      turned.index[to] = row
      turned.value[to] = value[at]!
    }
  }
  return turned
}

/** Collects rows one after the other. */
export function sparseBuilder(columns: number) {
  const start = [0]
  const index: number[] = []
  const value: number[] = []
  return {
    add: (column: number, entry: number) => {
      index.push(column)
      value.push(entry)
    },
    endRow: () => start.push(index.length),
    done: (): Sparse => ({
      rows: start.length - 1,
      columns,
      start: Int32Array.from(start),
      index: Int32Array.from(index),
      value: Float64Array.from(value),
    }),
  }
}

/** The `count` largest, best first; of equals the lower index first. Reads `candidates` alone. */
export function largest(
  values: ArrayLike<number>,
  candidates: Int32Array | readonly number[],
  count: number,
): number[] {
  // A binary heap with the worst of the best on top would be quicker for large counts; a hundred are inserted soonest like this.
  const best: number[] = []
  for (const candidate of candidates) {
    const value = values[candidate]!
    let at = best.length
    if (at === count) {
      const worst = best[at - 1]!
      if (value < values[worst]! || (value === values[worst]! && candidate > worst)) continue
      best.pop()
      at--
    }
    while (
      at > 0 &&
      (values[best[at - 1]!]! < value || (values[best[at - 1]!]! === value && best[at - 1]! > candidate))
    )
      at--
    best.splice(at, 0, candidate)
  }
  return best
}
