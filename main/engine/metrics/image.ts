// How alike two pictures are: PSNR and SSIM, in the two forms that papers and scikit-image use.
// Pictures are interleaved [height, width, channels] with values 0..range.

export interface MetricPicture {
  width: number
  height: number
  channels: number
  data: ArrayLike<number>
}

/** Peak signal-to-noise ratio in dB over all channels; Infinity for identical pictures. */
export function psnr(a: MetricPicture, b: MetricPicture, range = 255): number {
  requireSameSize('psnr', a, b)
  let squares = 0
  for (let i = 0; i < a.data.length; i++) squares += (a.data[i]! - b.data[i]!) ** 2
  return 10 * Math.log10((range * range) / (squares / a.data.length))
}

/**
 * 'gaussian': 11x11, sigma 1.5, population covariance (Wang et al. 2004, what papers report).
 * 'uniform': 7x7 mean, sample covariance (scikit-image's default).
 */
export type SsimWindow = 'gaussian' | 'uniform'

/**
 * Structural similarity as the HumanVid line of papers computes it: the 11x11 Gaussian, the pictures surrounded by black, mean over all
 * pixels and channels. Higher than `ssim` near black borders, lower near bright ones.
 */
export function ssimHumanVid(a: MetricPicture, b: MetricPicture, range = 255): number {
  requireSameSize('ssimHumanVid', a, b)
  const reach = 5
  const framed = ({ width, height, channels, data }: MetricPicture): MetricPicture => {
    const wide = width + 2 * reach
    const framed = new Float64Array(wide * (height + 2 * reach) * channels)
    for (let y = 0; y < height; y++)
      for (let i = 0; i < width * channels; i++)
        framed[((y + reach) * wide + reach) * channels + i] = data[y * width * channels + i]!
    return { width: wide, height: height + 2 * reach, channels, data: framed }
  }
  return ssim(framed(a), framed(b), 'gaussian', range)
}

/** Structural similarity, at most 1: mean over channels and over all places where the window lies inside the picture. */
export function ssim(a: MetricPicture, b: MetricPicture, window: SsimWindow = 'gaussian', range = 255): number {
  requireSameSize('ssim', a, b)
  const kernel = window === 'gaussian' ? gaussian(5, 1.5) : new Float64Array(7).fill(1 / 7)
  if (a.width < kernel.length || a.height < kernel.length)
    throw new Error(`ssim: pictures of ${a.width}x${a.height} are smaller than the ${kernel.length}-pixel window`)
  const c1 = (0.01 * range) ** 2
  const c2 = (0.03 * range) ** 2
  const covarianceScale = window === 'uniform' ? 49 / 48 : 1
  let total = 0
  let count = 0
  for (let channel = 0; channel < a.channels; channel++) {
    const x = plane(a, channel)
    const y = plane(b, channel)
    const local = (values: Float64Array) => filterInside(values, a.width, a.height, kernel)
    const [meanX, meanY] = [local(x), local(y)]
    const [meanXX, meanYY] = [local(product(x, x)), local(product(y, y))]
    const meanXY = local(product(x, y))
    for (let i = 0; i < meanX.length; i++) {
      const [mx, my] = [meanX[i]!, meanY[i]!]
      const varianceX = covarianceScale * (meanXX[i]! - mx * mx)
      const varianceY = covarianceScale * (meanYY[i]! - my * my)
      const covariance = covarianceScale * (meanXY[i]! - mx * my)
      total += ((2 * mx * my + c1) * (2 * covariance + c2)) / ((mx * mx + my * my + c1) * (varianceX + varianceY + c2))
    }
    count += meanX.length
  }
  return total / count
}

function requireSameSize(metric: string, a: MetricPicture, b: MetricPicture): void {
  const show = ({ width, height, channels }: MetricPicture) => `${width}x${height}x${channels}`
  if (show(a) !== show(b)) throw new Error(`${metric}: pictures differ in size, ${show(a)} and ${show(b)}`)
  if (a.data.length !== b.data.length || a.data.length !== a.width * a.height * a.channels)
    throw new Error(`${metric}: ${a.data.length} and ${b.data.length} values for pictures of ${show(a)}`)
}

function gaussian(radius: number, sigma: number): Float64Array {
  const weights = new Float64Array(2 * radius + 1).map((_, i) => Math.exp(-0.5 * ((i - radius) / sigma) ** 2))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / sum)
}

function plane({ data, channels, width, height }: MetricPicture, channel: number): Float64Array {
  return new Float64Array(width * height).map((_, i) => data[i * channels + channel]!)
}

function product(x: Float64Array, y: Float64Array): Float64Array {
  return x.map((value, i) => value * y[i]!)
}

/** Separable filter, only where the kernel fits: (width - k + 1) x (height - k + 1) values. */
function filterInside(values: Float64Array, width: number, height: number, kernel: Float64Array): Float64Array {
  const size = kernel.length
  const outWidth = width - size + 1
  const outHeight = height - size + 1
  const rows = new Float64Array(outWidth * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < outWidth; x++) {
      let sum = 0
      for (let k = 0; k < size; k++) sum += kernel[k]! * values[y * width + x + k]!
      rows[y * outWidth + x] = sum
    }
  const out = new Float64Array(outWidth * outHeight)
  for (let y = 0; y < outHeight; y++)
    for (let x = 0; x < outWidth; x++) {
      let sum = 0
      for (let k = 0; k < size; k++) sum += kernel[k]! * rows[(y + k) * outWidth + x]!
      out[y * outWidth + x] = sum
    }
  return out
}
