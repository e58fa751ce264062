// The bridge over HTTP, for `anywhere serve`: the session cookie carries the token, events come as server-sent events.
import type { Bridge, Reply, StudioEvent } from '../../main/api'

export function browserBridge(): Bridge {
  return {
    host: 'browser',
    call: (method, input) =>
      post(`/api/call/${encodeURIComponent(method)}`, JSON.stringify(input ?? null), 'application/json'),
    upload: (name, bytes) =>
      post(
        `/api/upload?name=${encodeURIComponent(name)}`,
        new Blob([bytes as Uint8Array<ArrayBuffer>]),
        'application/octet-stream',
      ),
    listen(listener) {
      const source = new EventSource('/api/events')
      source.onmessage = (message: MessageEvent<string>) => listener(JSON.parse(message.data) as StudioEvent)
      return () => source.close()
    },
  }
}

async function post(url: string, body: BodyInit, type: string): Promise<Reply> {
  try {
    const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } })
    if (response.status === 401)
      return fault('this session has ended; open the address that "anywhere serve" printed again')
    return (await response.json()) as Reply
  } catch {
    return fault('the studio does not answer; is "anywhere serve" still running?')
  }
}

function fault(message: string): Reply {
  return { ok: false, error: { message, user: true } }
}
