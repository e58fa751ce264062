// Pictures, videos and files, in and out: everything the studio reads from or leaves on the user's disk.
export { contactSheet } from './contact-sheet'
export { UserError, isUserError, reason } from './errors'
export { type Ffmpeg, findFfmpeg } from './ffmpeg'
export {
  assertWritable,
  openPartial,
  type PartialFile,
  removePartials,
  writeFileAtomic,
  writeJsonAtomic,
} from './partials'
export { cropPicture, flattenPicture, type Picture, readPicture, resizePicture, writePng } from './pictures'
export { convertToPng, encodeJpeg, glanceAtPicture, glanceAtVideo, type PictureGlance } from './thumbnails'
export { openVideoWriter, probeVideo, readVideoFrames, type VideoInfo, type VideoWriter } from './video'
export { appPackage, type AppPackage, packageFolder, resource, unpacked, windowFolder } from './resources'
