// The Frechet distance of two sets of feature vectors, each taken for a Gaussian: |m1 - m2|^2 + Tr(S1 + S2 - 2 (S1 S2)^(1/2)) (Dowson &
// Landau 1982; Heusel et al. 2017). With S1 = A'A and S2 = B'B the trace of the root is the sum of the singular values of A B', so that
// only symmetric matrices are decomposed and singular covariances (fewer samples than features) need no special care.
import { symmetricEigenvalues } from './eigenvalues'

type Rows = readonly ArrayLike<number>[]

/** Row-major numbers, height x width. */
interface Matrix {
  readonly data: Float64Array
  readonly height: number
  readonly width: number
}

/**
 * Squared Frechet distance of the rows of `a` and of `b` (samples, at least two each, all of one length), covariances with n - 1.
 * About n1 n2 d + 3 min(n1, n2)^3 operations, where more samples than features count as many as the features.
 */
export function frechetDistance(a: Rows, b: Rows): number {
  const width = a[0]?.length
  if (a.length < 2 || b.length < 2)
    throw new Error(`frechetDistance: ${a.length} and ${b.length} samples have no covariance`)
  if (![...a, ...b].every((row) => row.length === width))
    throw new Error('frechetDistance: all samples need the same number of features')
  const [meanA, meanB] = [meanOf(a), meanOf(b)]
  const [A, B] = [spread(a, meanA), spread(b, meanB)]
  const trace = ({ data }: Matrix) => data.reduce((sum, value) => sum + value * value, 0)
  const roots = nuclearNorm(timesTransposed(slim(A), slim(B)))
  return squaredDistance(meanA, meanB) + trace(A) + trace(B) - 2 * roots
}

/** |a - b|^2: what is left of the distance where single samples are compared and no covariance exists. */
export function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2
  return sum
}

function meanOf(rows: Rows): Float64Array {
  const mean = new Float64Array(rows[0]!.length)
  for (const row of rows) for (let i = 0; i < mean.length; i++) mean[i] = mean[i]! + row[i]! / rows.length
  return mean
}

/** The samples less their mean, divided so that the matrix times its own transpose from the left is the covariance. */
function spread(rows: Rows, mean: Float64Array): Matrix {
  const [height, width] = [rows.length, mean.length]
  const share = 1 / Math.sqrt(height - 1)
  const data = new Float64Array(height * width)
  rows.forEach((row, r) => {
    for (let i = 0; i < width; i++) data[r * width + i] = (row[i]! - mean[i]!) * share
  })
  return { data, height, width }
}

/** A matrix of at most `width` rows with the same A'A: Cholesky's factor where there are more samples than features. */
function slim(a: Matrix): Matrix {
  const { height, width: n } = a
  if (height <= n) return a
  const covariance = timesTransposed(transposed(a), transposed(a)).data
  const upper = new Float64Array(n * n)
  let largest = 0
  for (let i = 0; i < n; i++) largest = Math.max(largest, covariance[i * n + i]!)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const factor = upper[k * n + i]!
      if (factor === 0) continue
      for (let j = i; j < n; j++) covariance[i * n + j] = covariance[i * n + j]! - factor * upper[k * n + j]!
    }
    const pivot = covariance[i * n + i]!
    if (pivot <= 1e-13 * largest) continue // this feature follows from those before it
    const root = Math.sqrt(pivot)
    for (let j = i; j < n; j++) upper[i * n + j] = covariance[i * n + j]! / root
  }
  return { data: upper, height: n, width: n }
}

function transposed({ data, height, width }: Matrix): Matrix {
  const turned = new Float64Array(data.length)
  for (let r = 0; r < height; r++) for (let c = 0; c < width; c++) turned[c * height + r] = data[r * width + c]!
  return { data: turned, height: width, width: height }
}

/** A B'. */
function timesTransposed(a: Matrix, b: Matrix): Matrix {
  const data = new Float64Array(a.height * b.height)
  for (let i = 0; i < a.height; i++) {
    const row = a.data.subarray(i * a.width, (i + 1) * a.width)
    for (let j = 0; j < b.height; j++) {
      const from = j * b.width
      let sum = 0
      for (let k = 0; k < row.length; k++) sum += row[k]! * b.data[from + k]!
      data[i * b.height + j] = sum
    }
  }
  return { data, height: a.height, width: b.height }
}

/** Sum of the singular values. */
function nuclearNorm(matrix: Matrix): number {
  const lying = matrix.height <= matrix.width ? matrix : transposed(matrix)
  const squares = symmetricEigenvalues(timesTransposed(lying, lying).data, lying.height)
  return squares.reduce((sum, square) => sum + Math.sqrt(Math.max(0, square)), 0)
}
