import { invert, multiplyTransposed } from './inverse.ts'
import type { Sparse } from './sparse.ts'

/** What each of `items` says about each other one: row j of `values` holds, by position, the weights that lead to items[j]. */
export type ItemModel = {
  items: Int32Array
  /** Of every item there is; -1 for one without weights. */
  positionOf: Int32Array
  values: Float64Array
  /** The same by where they lead from, once asked for: row i holds the weights from items[i]. */
  outgoing?: Float64Array
}

/**
 * A linear item-item model learned jointly: the weights B with a zero diagonal that best lead from X to Y by X B, with a ridge `lambda`
 * against overfitting. With Y = X it is EASE (Steck, "Embarrassingly shallow autoencoders for sparse data", 2019); here Y is what was
 * bought lately: B = P X'Y - P diag(...), P = (X'X + lambda)^-1.
 * @param inputs X, customers x items
 * @param targets Y, of the same shape and the same entries
 * @param items the columns to learn, ascending
 */
export function learnItemModel(inputs: Sparse, targets: Float64Array, items: Int32Array, lambda: number): ItemModel {
  const n = items.length
  const positionOf = positionsOf(items, inputs.columns)
  const gram = new Float64Array(n * n)
  /** Row j: what leads to target j. */
  const cross = new Float64Array(n * n)
  for (let row = 0; row < inputs.rows; row++) {
    const known = entriesOf(inputs, row).filter((at) => positionOf[inputs.index[at]!] !== -1)
    const columns = Int32Array.from(known, (at) => positionOf[inputs.index[at]!]!)
    const x = Float64Array.from(known, (at) => inputs.value[at]!)
    const y = Float64Array.from(known, (at) => targets[at]!)
    for (let i = 0; i < columns.length; i++) {
      const from = columns[i]! * n
      for (let j = 0; j < columns.length; j++) {
        cross[from + columns[j]!]! += y[i]! * x[j]!
        if (j <= i) gram[from + columns[j]!]! += x[i]! * x[j]!
      }
    }
  }
  for (let at = 0; at < n; at++) gram[at * n + at]! += lambda

  const inverse = invert(gram, n)
  const values = multiplyTransposed(cross, inverse, n)
  for (let j = 0; j < n; j++) {
    const scale = values[j * n + j]! / inverse[j * n + j]!
    for (let i = 0; i < n; i++) values[j * n + i] = i === j ? 0 : values[j * n + i]! - inverse[j * n + i]! * scale
  }
  return { items, positionOf, values }
}

const entriesOf = ({ start }: Sparse, row: number) =>
  Array.from({ length: start[row + 1]! - start[row]! }, (_, n) => start[row]! + n)

export function positionsOf(items: Int32Array, count: number): Int32Array {
  const positionOf = new Int32Array(count).fill(-1)
  for (const [position, item] of items.entries()) positionOf[item] = position
  return positionOf
}

export function turned(values: Float64Array, n: number): Float64Array {
  const other = new Float64Array(n * n)
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++) other[column * n + row] = values[row * n + column]!
  return other
}
