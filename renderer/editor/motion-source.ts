// Motions by id, sampled for a clip: fetched once, read in a worker, kept. The one place where the window meets motion files.
import { fileUrl } from '../../main/api'
import type { SampleReply, SampleRequest } from './motion-worker'
import type { ClipShape, SampledMotion } from './motion-sample'

type Waiting = { resolve: (reply: SampleReply) => void; reject: (error: Error) => void }

let worker: Worker | undefined
let tickets = 0
const waiting = new Map<number, Waiting>()

/** Sampled clips kept, so that going to and fro between motions is instant. */
const most = 16
const kept = new Map<string, Promise<SampledMotion>>()

/** Rejects with the reader's own words when the file cannot be used. */
export function sampledMotion(id: string, name: string, shape: ClipShape): Promise<SampledMotion> {
  const key = JSON.stringify([id, shape.width, shape.height, shape.fps, shape.frames])
  let found = kept.get(key)
  if (found) kept.delete(key)
  else {
    found = sample(id, name, shape)
    found.catch(() => kept.delete(key))
  }
  kept.set(key, found)
  if (kept.size > most) kept.delete(kept.keys().next().value!)
  return found
}

async function sample(id: string, name: string, shape: ClipShape): Promise<SampledMotion> {
  let reply = await ask({ id, name, shape })
  if ('unknown' in reply) reply = await ask({ id, name, shape, text: await fetchText(id, name) })
  if ('sampled' in reply) return reply.sampled
  throw new Error('error' in reply ? reply.error : `motion ${name}: it could not be kept while it was read`)
}

async function fetchText(id: string, name: string): Promise<string> {
  const response = await fetch(fileUrl(id))
  if (!response.ok) throw new Error(`motion ${name}: its file does not come (${response.status})`)
  return response.text()
}

function ask(request: Omit<SampleRequest, 'ticket'>): Promise<SampleReply> {
  const ticket = ++tickets
  return new Promise((resolve, reject) => {
    waiting.set(ticket, { resolve, reject })
    running().postMessage({ ...request, ticket } satisfies SampleRequest)
  })
}

function running(): Worker {
  if (worker) return worker
  worker = new Worker(new URL('./motion-worker.ts', import.meta.url), { type: 'module', name: 'motions' })
  worker.onmessage = ({ data }: MessageEvent<SampleReply>) => {
    waiting.get(data.ticket)?.resolve(data)
    waiting.delete(data.ticket)
  }
  worker.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(`motions cannot be read: ${event.message}`))
    waiting.clear()
    worker?.terminate()
    worker = undefined
  }
  return worker
}
