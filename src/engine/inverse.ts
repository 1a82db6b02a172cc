/** Rows of a tile: sixteen running sums stay in registers while two times four rows are read once. */
const TILE = 4

/**
 * Inverts a symmetric positive definite matrix in place, by Cholesky: A = L L', A^-1 = (L^-1)' L^-1. All three steps are dot products
 * of rows, taken in tiles; n^3 / 2 multiplications.
 * @param a n x n, row-major; its lower triangle is read
 * @throws RangeError when it is not positive definite
 */
export function invert(a: Float64Array, n: number): Float64Array {
  factor(a, n)
  const m = invertFactor(a, n)
  // P[i][j] = sum over k >= i of M[k][i] M[k][j]; m holds M transposed, so both are rows.
  for (let i = 0; i < n; i += TILE) {
    const iEnd = Math.min(i + TILE, n)
    for (let j = 0; j <= i; j += TILE) {
      // Entries of m before a row's diagonal are 0, so a tile may begin at its first row.
      tileOfDots(m, m, i, j, i, n, n)
      for (let r = i; r < iEnd; r++) {
        for (let c = j; c < Math.min(j + TILE, n); c++) a[r * n + c] = a[c * n + r] = dots[(r - i) * TILE + c - j]!
      }
    }
  }
  return a
}

/** a b', all n x n, row-major: dot products of rows. */
export function multiplyTransposed(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n * n)
  for (let i = 0; i < n; i += TILE) {
    for (let j = 0; j < n; j += TILE) {
      tileOfDots(a, b, i, j, 0, n, n)
      for (let r = i; r < Math.min(i + TILE, n); r++) {
        for (let c = j; c < Math.min(j + TILE, n); c++) product[r * n + c] = dots[(r - i) * TILE + c - j]!
      }
    }
  }
  return product
}

/** L, over the lower triangle of a. */
function factor(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i += TILE) {
    for (let j = 0; j <= i; j += TILE) {
      tileOfDots(a, a, i, j, 0, j, n)
      for (let r = i; r < Math.min(i + TILE, n); r++) {
        for (let c = j; c < Math.min(j + TILE, r + 1); c++) {
          let value = a[r * n + c]! - dots[(r - i) * TILE + c - j]!
          for (let k = j; k < c; k++) value -= a[r * n + k]! * a[c * n + k]!
          if (r > c) a[r * n + c] = value / a[c * n + c]!
          else if (value > 0) a[r * n + c] = Math.sqrt(value)
          else throw new RangeError(`The matrix is not positive definite (row ${r})`)
        }
      }
    }
  }
}

/** (L^-1)', row-major: row j holds column j of L^-1, zeros before its diagonal. */
function invertFactor(l: Float64Array, n: number): Float64Array {
  const m = new Float64Array(n * n)
  for (let i = 0; i < n; i += TILE) {
    for (let j = 0; j <= i; j += TILE) {
      tileOfDots(l, m, i, j, j, i, n)
      for (let r = i; r < Math.min(i + TILE, n); r++) {
        for (let c = j; c < Math.min(j + TILE, r + 1); c++) {
          let value = r === c ? 1 : -dots[(r - i) * TILE + c - j]!
          if (r > c) for (let k = i; k < r; k++) value -= l[r * n + k]! * m[c * n + k]!
          m[c * n + r] = value / l[r * n + r]!
        }
      }
    }
  }
  return m
}

const dots = new Float64Array(TILE * TILE)

/** dots[r][c] = sum over k in [from, to) of x[i + r][k] y[j + c][k]; rows beyond n are read as the last one. */
function tileOfDots(x: Float64Array, y: Float64Array, i: number, j: number, from: number, to: number, n: number): void {
  const last = n - 1
  const x0 = i * n
  const x1 = Math.min(i + 1, last) * n
  const x2 = Math.min(i + 2, last) * n
  const x3 = Math.min(i + 3, last) * n
  const y0 = j * n
  const y1 = Math.min(j + 1, last) * n
  const y2 = Math.min(j + 2, last) * n
  const y3 = Math.min(j + 3, last) * n
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0]
  let [s20, s21, s22, s23, s30, s31, s32, s33] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let k = from; k < to; k++) {
    const b0 = y[y0 + k]!
    const b1 = y[y1 + k]!
    const b2 = y[y2 + k]!
    const b3 = y[y3 + k]!
    const a0 = x[x0 + k]!
    s00 += a0 * b0
    s01 += a0 * b1
    s02 += a0 * b2
    s03 += a0 * b3
    const a1 = x[x1 + k]!
    s10 += a1 * b0
    s11 += a1 * b1
    s12 += a1 * b2
    s13 += a1 * b3
    const a2 = x[x2 + k]!
    s20 += a2 * b0
    s21 += a2 * b1
    s22 += a2 * b2
    s23 += a2 * b3
    const a3 = x[x3 + k]!
    s30 += a3 * b0
    s31 += a3 * b1
    s32 += a3 * b2
    s33 += a3 * b3
  }
  dots[0] = s00
  dots[1] = s01
  dots[2] = s02
  dots[3] = s03
  dots[4] = s10
  dots[5] = s11
  dots[6] = s12
  dots[7] = s13
  dots[8] = s20
  dots[9] = s21
  dots[10] = s22
  dots[11] = s23
  dots[12] = s30
  dots[13] = s31
  dots[14] = s32
  dots[15] = s33
}
