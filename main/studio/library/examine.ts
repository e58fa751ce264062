// What a file is, told by its content and not by its name, and whether it is whole: the door of the library.
import { open, readFile, stat, writeFile } from 'node:fs/promises'
import type { Asset, AssetKind } from '../../api'
import { parseConfig } from '../../engine/models/animate-anywhere/config'
import { describeAdapter, isAdapter } from '../../engine/weights/adapter-header'
import { readHeader } from '../../engine/weights/safetensors'
import { UserError, convertToPng, encodeJpeg, glanceAtPicture, glanceAtVideo } from '../../media'
import { openPoseJson, pointArrays, readMotionContent, serializePoses } from '../../motion'
import type { MotionContent, PoseSequence } from '../../motion'
import { motionPicture } from './motion-picture'

/** What the first bytes say. 'text' is BVH or JSON; 'unknown' may still be a picture. */
export type Nature = 'empty' | 'project' | 'archive' | 'video' | 'model' | 'text' | 'unknown'

/** All that the library wants to know of a file. */
export interface Examined {
  readonly kind: AssetKind
  readonly extension: string
  readonly size?: Asset['size']
  readonly seconds?: number
  /** JPEG. */
  readonly thumbnail?: Uint8Array
  /** The file to keep instead of the one that was examined, which the app could not use as it is. */
  readonly instead?: string
}

/** Bytes. A motion of an hour is a tenth of it. */
const longestText = 64 * 2 ** 20
/** Rows of a BVH file that are enough to know that it can be played, and to draw it. */
const glance = 400

/** gzip, 7-Zip, RAR. */
const archives = ['\x1f\x8b', '7z\xbc\xaf', 'Rar!']
/** Matroska and WebM, Flash, MPEG (three), Ogg. */
const videos = ['\x1aE\xdf\xa3', 'FLV', '\0\0\x01\xba', '\0\0\x01\xb3', '\0\0\0\x01\x67', 'OggS']

export async function natureOf(file: string): Promise<Nature> {
  const handle = await open(file, 'r')
  const head = Buffer.alloc(64)
  const { bytesRead } = await handle.read(head, 0, 64, 0).finally(() => handle.close())
  if (bytesRead === 0) return 'empty'
  const latin = head.toString('latin1', 0, bytesRead)
  if (latin.startsWith('PK\x03\x04')) return latin.startsWith('project.json', 30) ? 'project' : 'archive'
  if (archives.some((start) => latin.startsWith(start))) return 'archive'
  if (isVideo(latin)) return 'video'
  if (bytesRead > 9 && latin[8] === '{' && head.readBigUInt64LE(0) < 2n ** 27n) return 'model'
  if (/^(\xef\xbb\xbf)?\s*([[{]|HIERARCHY)/i.test(latin)) return 'text'
  return 'unknown'
}

function isVideo(latin: string): boolean {
  // Pictures of the HEIF family begin as MP4 does, and say so by their brand.
  if (latin.startsWith('ftyp', 4)) return !/^(avif|avis|heic|heix|hevc|mif1|msf1)/.test(latin.slice(8))
  if (latin.startsWith('RIFF')) return latin.startsWith('AVI ', 8)
  return videos.some((start) => latin.startsWith(start))
}

/**
 * Looks at `file` from beginning to end. `called` names it in errors; `picture` says what a picture is. `workFile` gives a fresh
 * name for a file that is to be kept instead. Throws UserError with one line for everything that the library does not take.
 */
export async function examine(
  file: string,
  called: string,
  picture: AssetKind | undefined,
  workFile: (extension: string) => string,
): Promise<Examined> {
  switch (await natureOf(file)) {
    case 'empty':
      throw new UserError(`"${called}" is empty (0 bytes)`)
    case 'project':
      throw new UserError(`"${called}" is a project; open it with File > Open project`)
    case 'archive':
      throw new UserError(`"${called}" is an archive; unpack it and import the files in it`)
    case 'video':
      throw new UserError(
        `"${called}" is a video; humans and places are pictures, and motions cannot be taken from footage yet`,
      )
    case 'model':
      return examineWeights(file, called)
    case 'text':
      return examineMotion(file, called, workFile)
    case 'unknown':
      return examinePicture(file, called, picture, workFile)
  }
}

function examineWeights(file: string, called: string): Examined {
  const header = readHeader(file)
  if (isAdapter(header)) {
    describeAdapter(file, called)
    return { kind: 'adapter', extension: 'safetensors' }
  }
  parseConfig(header.metadata.config, `"${called}"`)
  return { kind: 'model', extension: 'safetensors' }
}

async function examinePicture(
  file: string,
  called: string,
  kind: AssetKind | undefined,
  workFile: (extension: string) => string,
): Promise<Examined> {
  const { jpeg, width, height, extension } = await glanceAtPicture(file, kind === 'human' ? 'human' : 'whole')
  if (kind !== 'human' && kind !== 'background')
    throw new UserError(`"${called}" is a picture; import it as a human or as a place`)
  const known = { kind, size: { width, height }, thumbnail: jpeg }
  if (extension) return { ...known, extension }
  const instead = workFile('png')
  await convertToPng(file, instead)
  return { ...known, extension: 'png', instead }
}

async function examineMotion(file: string, called: string, workFile: (extension: string) => string): Promise<Examined> {
  const text = await readText(file, called)
  const content = readMotionContent(text, called, { mostRows: glance })
  if (content.kind === 'poses') return keepPoses(content.poses, called, workFile)
  const known = await describeMotion(content, called)
  const extension = text.trimStart().startsWith('{') ? 'json' : 'bvh'
  if (!text.startsWith('\ufeff')) return { ...known, extension }
  const instead = workFile(extension)
  await writeFile(instead, text.slice(1))
  return { ...known, extension, instead }
}

/** The text of a motion file, its byte order mark included. */
export async function readText(file: string, called: string): Promise<string> {
  const { size } = await stat(file)
  if (size > longestText)
    throw new UserError(
      `"${called}" has ${Math.round(size / 2 ** 20)} MB; motion files may have ${longestText / 2 ** 20} MB, so cut it into parts`,
    )
  return readFile(file, 'utf8')
}

/** The JSON of a file that holds one or more OpenPose frames; undefined for every other file. */
export async function readOpenPose(file: string, called: string): Promise<unknown> {
  if ((await natureOf(file)) !== 'text') return undefined
  return openPoseJson((await readText(file, called)).replace(/^\ufeff/, ''), called)
}

/** Poses as the one file that the library keeps of them, however many they came in. */
export async function keepPoses(
  poses: PoseSequence,
  called: string,
  workFile: (extension: string) => string,
): Promise<Examined> {
  const known = await describeMotion({ kind: 'poses', poses }, called)
  const instead = workFile('json')
  await writeFile(instead, serializePoses(poses))
  return { ...known, extension: 'json', instead }
}

async function describeMotion(content: MotionContent, called: string): Promise<Omit<Examined, 'extension'>> {
  const picture = motionPicture(content)
  if (content.kind === 'poses') {
    const { frames, fps } = content.poses
    if (!frames.every((frame) => pointArrays(frame).every((points) => points.every(Number.isFinite))))
      throw new UserError(`"${called}" has points that are not numbers`)
    return { kind: 'motion', seconds: frames.length / fps, thumbnail: await encodeJpeg(picture) }
  }
  const far = content.motion.root.find(({ value }) => !value.every((metres) => Math.abs(metres) < 1e5))
  if (far) throw new UserError(`"${called}" goes ${far.value.join(', ')} metres away; its values are not usable`)
  return { kind: 'motion', seconds: content.motion.duration, thumbnail: await encodeJpeg(picture) }
}

/** The thumbnail of content that is already in the library; undefined for what has none. */
export async function thumbnailFor(kind: AssetKind, file: string, called: string): Promise<Uint8Array | undefined> {
  if (kind === 'clip') return glanceAtVideo(file)
  if (kind === 'human' || kind === 'background')
    return (await glanceAtPicture(file, kind === 'human' ? 'human' : 'whole')).jpeg
  if (kind !== 'motion') return undefined
  const text = await readText(file, called)
  return encodeJpeg(motionPicture(readMotionContent(text, called, { mostRows: glance })))
}
