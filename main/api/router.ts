// Calls of a window to functions of the studio: the input is validated against the method's schema, a fault becomes a reply.
import { z } from 'zod'
import type { Reply } from './bridge'
import { methods } from './methods'
import type { Input, MethodName, Output } from './methods'

export type Handlers = { readonly [M in MethodName]: (input: Input<M>) => Output<M> | Promise<Output<M>> }

/** Never throws: an unknown method, a wrong shape and a handler's fault are all replies. `onFault` is told of faults that are ours. */
export function createRouter(handlers: Handlers, onFault: (method: string, error: unknown) => void) {
  return async (name: unknown, input: unknown): Promise<Reply> => {
    if (typeof name !== 'string' || !Object.hasOwn(methods, name))
      return refuse(`there is no method ${JSON.stringify(name)?.slice(0, 80)}`)
    const parsed = methods[name as MethodName].input.safeParse(input)
    if (!parsed.success) return refuse(`${name}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ').slice(0, 400)}`)
    try {
      const handler = handlers[name as MethodName] as (input: unknown) => unknown
      return { ok: true, value: await handler(parsed.data) }
    } catch (error) {
      if (error instanceof Error && 'user' in error && error.user === true)
        return { ok: false, error: { message: error.message, user: true } }
      onFault(name, error)
      return { ok: false, error: { message: error instanceof Error ? error.message : String(error), user: false } }
    }
  }
}

function refuse(message: string): Reply {
  return { ok: false, error: { message, user: false } }
}
