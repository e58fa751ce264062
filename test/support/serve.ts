// `anywhere serve` as a child process, and a client that speaks to it as the window does: over HTTP, with the session's cookie.
import type { ChildProcess } from 'node:child_process'
import path from 'node:path'
import type { Input, MethodName, Output, Reply, StudioEvent } from '../../main/api'
import { ended, start } from './processes'

const bin = path.resolve(import.meta.dirname, '../../bin/anywhere.js')

export interface Served {
  readonly child: ChildProcess
  /** With the token, as printed for the user. */
  readonly url: string
  readonly origin: string
  /** The value of the session's cookie header. */
  readonly cookie: string
  /** What the server has said so far, standard output and error. */
  said(): string
  /** Throws the error's message when the studio refuses. */
  call<M extends MethodName>(method: M, input?: Input<M>): Promise<Output<M>>
  upload(name: string, bytes: Uint8Array): Promise<string>
  /** What is told to windows from now on, as it comes. */
  events(): Promise<readonly StudioEvent[]>
  /** SIGKILL. */
  kill(): Promise<void>
  /** As Ctrl+C does. */
  stop(): Promise<void>
}

/** Starts the server on a free port with this home folder; resolves when it can be spoken to. */
export async function serve(home: string, words: readonly string[] = []): Promise<Served> {
  const child = start(process.execPath, [bin, 'serve', '--port', '0', '--home', home, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (text: string): void => {
      said += text
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(said)
      if (found) resolve(found[0])
    }
    child.stdout!.setEncoding('utf8').on('data', hear)
    child.stderr!.setEncoding('utf8').on('data', hear)
    child.once('exit', (code) => reject(new Error(`"anywhere serve" ended with ${code}: ${said}`)))
  })
  const { origin } = new URL(url)
  const welcome = await fetch(url, { redirect: 'manual' })
  const cookie = welcome.headers.get('set-cookie')?.split(';')[0] ?? ''
  if (!cookie) throw new Error(`"anywhere serve" set no cookie, answered ${welcome.status}`)

  async function post(target: string, body: BodyInit, type: string): Promise<unknown> {
    const response = await fetch(origin + target, {
      method: 'POST',
      headers: { cookie, origin, 'content-type': type },
      body,
    })
    const reply = (await response.json()) as Reply
    if (!reply.ok) throw new Error(reply.error.message)
    return reply.value
  }

  return {
    child,
    url,
    origin,
    cookie,
    said: () => said,
    call: async <M extends MethodName>(method: M, input?: Input<M>) =>
      (await post(`/api/call/${method}`, JSON.stringify(input ?? null), 'application/json')) as Output<M>,
    upload: async (name, bytes) =>
      (await post(
        `/api/upload?name=${encodeURIComponent(name)}`,
        new Blob([bytes as Uint8Array<ArrayBuffer>]),
        'application/octet-stream',
      )) as string,
    async events() {
      const heard: StudioEvent[] = []
      const response = await fetch(`${origin}/api/events`, { headers: { cookie } })
      void listen(response, heard).catch(() => undefined) // the server has gone
      return heard
    },
    async kill() {
      child.kill('SIGKILL')
      await ended(child)
    },
    async stop() {
      child.kill('SIGINT')
      await ended(child)
    },
  }
}

async function listen(response: Response, heard: StudioEvent[]): Promise<void> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop()!
    for (const line of lines)
      if (line.startsWith('data: ')) heard.push(JSON.parse(line.slice('data: '.length)) as StudioEvent)
  }
}
