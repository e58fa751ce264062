// The studio as the window sees it: typed calls, uploads and events over whatever bridge there is.
import type { Bridge, Input, MethodName, Output, Reply, StudioEvent } from '../../main/api'
import { browserBridge } from './browser-bridge'

declare global {
  interface Window {
    /** Put there by the preload script in Electron. */
    readonly anywhere?: Bridge
  }
}

export const bridge: Bridge = window.anywhere ?? browserBridge()

/** A refusal of the studio. `user`: the message is meant for the artist as it is. */
export class StudioError extends Error {
  override readonly name = 'StudioError'
  constructor(
    message: string,
    readonly user: boolean,
  ) {
    super(message)
  }
}

type Arguments<M extends MethodName> = undefined extends Input<M> ? [input?: Input<M>] : [input: Input<M>]

/** Calls a method of the contract. Throws StudioError. */
export async function call<M extends MethodName>(method: M, ...[input]: Arguments<M>): Promise<Output<M>> {
  return unwrap(await bridge.call(method, input)) as Output<M>
}

/** Hands a file over and gives its upload id. Throws StudioError. */
export async function upload(file: File): Promise<string> {
  return unwrap(await bridge.upload(file.name, new Uint8Array(await file.arrayBuffer()))) as string
}

export function listen(listener: (event: StudioEvent) => void): () => void {
  return bridge.listen(listener)
}

function unwrap(reply: Reply): unknown {
  if (!reply.ok) throw new StudioError(reply.error.message, reply.error.user)
  return reply.value
}
