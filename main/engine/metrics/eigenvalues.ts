// Eigenvalues of a symmetric matrix: Householder's reflections to tridiagonal form, then the QL iteration with implicit shifts (Golub &
// Van Loan, "Matrix Computations", chapter 8; EISPACK's tred1 and imtql1). No vectors: a Frechet distance needs none.

/** Eigenvalues of the symmetric `matrix` (row-major, n x n), in no particular order. The matrix is overwritten. 4/3 n^3 operations. */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  if (matrix.length !== n * n)
    throw new Error(`symmetricEigenvalues: ${matrix.length} values are no ${n} x ${n} matrix`)
  const { diagonal, beside } = tridiagonal(matrix, n)
  iterate(diagonal, beside)
  return diagonal
}

/** Similar tridiagonal matrix: its diagonal, and `beside[i]` between i and i + 1 (the last is 0). */
function tridiagonal(a: Float64Array, n: number): { diagonal: Float64Array; beside: Float64Array } {
  const beside = new Float64Array(n)
  const v = new Float64Array(n)
  const w = new Float64Array(n)
  for (let k = 0; k < n - 1; k++) {
    // The reflection I - 2 v v' / (v'v) that sends column k below the diagonal to a multiple of its first element's axis.
    let norm = 0
    for (let i = k + 1; i < n; i++) {
      v[i] = a[i * n + k]!
      norm += v[i]! * v[i]!
    }
    norm = Math.sqrt(norm)
    const first = v[k + 1]!
    const target = first > 0 ? -norm : norm
    beside[k] = target
    const square = 2 * norm * (norm + Math.abs(first)) // v'v once the target is taken off
    if (square === 0) continue
    v[k + 1] = first - target
    // The rest becomes A - v w' - w v'.
    let along = 0
    for (let i = k + 1; i < n; i++) {
      let sum = 0
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!
      w[i] = (2 * sum) / square
      along += w[i]! * v[i]!
    }
    for (let i = k + 1; i < n; i++) w[i] = w[i]! - (along / square) * v[i]!
    for (let i = k + 1; i < n; i++) {
      const [vi, wi] = [v[i]!, w[i]!]
      for (let j = k + 1; j < n; j++) a[i * n + j] = a[i * n + j]! - vi * w[j]! - wi * v[j]!
    }
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), beside }
}

/** QL steps until nothing is left beside the diagonal, which then holds the eigenvalues. */
function iterate(d: Float64Array, e: Float64Array): void {
  const n = d.length
  const negligible = (i: number) => {
    const size = Math.abs(d[i]!) + Math.abs(d[i + 1]!)
    return size + Math.abs(e[i]!) === size
  }
  for (let low = 0; low < n; low++) {
    for (let step = 0; ; step++) {
      let high = low
      while (high < n - 1 && !negligible(high)) high++
      if (high === low) break
      if (step === 60) throw new Error('symmetricEigenvalues: no convergence; are all numbers finite?')
      // Wilkinson's shift from the upper corner; then the bulge is chased from `high` up to `low`.
      const half = (d[low + 1]! - d[low]!) / (2 * e[low]!)
      let g = d[high]! - d[low]! + e[low]! / (half + (half < 0 ? -1 : 1) * Math.hypot(half, 1))
      let [sine, cosine, shift] = [1, 1, 0]
      let i = high - 1
      for (; i >= low; i--) {
        const f = sine * e[i]!
        const b = cosine * e[i]!
        const r = Math.hypot(f, g)
        e[i + 1] = r
        if (r === 0) {
          d[i + 1] = d[i + 1]! - shift
          break
        }
        sine = f / r
        cosine = g / r
        const lower = d[i + 1]! - shift
        const change = (d[i]! - lower) * sine + 2 * cosine * b
        shift = sine * change
        d[i + 1] = lower + shift
        g = cosine * change - b
      }
      e[high] = 0
      if (i >= low) continue
      d[low] = d[low]! - shift
      e[low] = g
    }
  }
}
