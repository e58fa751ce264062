// Numbers that say how good a clip is.
export { psnr, ssim } from './image'
export type { MetricPicture, SsimWindow } from './image'
