// The worker in which motion files are read and sampled: a large BVH takes seconds, and the window must not wait for it.
// Parsed motions are kept, so that another size or rate is only sampled anew.
import { config } from 'zod'
import { readMotionContent } from '../../main/motion'
import type { MotionContent } from '../../main/motion'
import { sampleClip } from './motion-sample'
import type { ClipShape, SampledMotion } from './motion-sample'

/** `text` only when the worker has not read this motion yet. */
export interface SampleRequest {
  readonly ticket: number
  readonly id: string
  readonly name: string
  readonly text?: string
  readonly shape: ClipShape
}

export type SampleReply =
  | { readonly ticket: number; readonly sampled: SampledMotion }
  | { readonly ticket: number; readonly error: string }
  /** It was read before but is no longer kept: send the text. */
  | { readonly ticket: number; readonly unknown: true }

config({ jitless: true }) // the content security policy forbids making code from text

/** Motions kept; the least recently used goes first. */
const most = 12
const kept = new Map<string, MotionContent>()

self.onmessage = ({ data }: MessageEvent<SampleRequest>) => {
  const { ticket, id, name, text, shape } = data
  try {
    const read = kept.get(id) ?? (text === undefined ? undefined : readMotionContent(text, name))
    if (!read) return answer({ ticket, unknown: true })
    keep(id, read)
    const sampled = sampleClip(read, shape)
    answer({ ticket, sampled }, sampled.kind === 'motion' ? [sampled.joints.buffer] : [])
  } catch (error) {
    answer({ ticket, error: error instanceof Error ? error.message : String(error) })
  }
}

function keep(id: string, read: MotionContent): void {
  kept.delete(id)
  kept.set(id, read)
  if (kept.size > most) kept.delete(kept.keys().next().value!)
}

function answer(reply: SampleReply, transfer: Transferable[] = []): void {
  self.postMessage(reply, { transfer })
}
