// Who may speak to the server: whoever has opened the address with the token that was printed, from a page of this server.
// The token is shown once, in the terminal; the browser then keeps a session of its own in a cookie that no script can read.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

export class Session {
  readonly token = randomBytes(24).toString('base64url')
  private readonly id = randomBytes(24).toString('base64url')

  /** `hostname`: the one that the server was told to listen on. Cookies do not know ports, so the name does. */
  constructor(
    private readonly hostname: string,
    private readonly port: number,
  ) {}

  /** The Set-Cookie header for one who has shown the token. */
  get cookie(): string {
    return `${this.name}=${this.id}; Path=/; HttpOnly; SameSite=Strict`
  }

  knowsToken(token: string | null): boolean {
    return token !== null && same(token, this.token)
  }

  /** Whether the request carries the session's cookie. */
  knows(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim().split('='))
    return cookies.some(([name, value]) => name === this.name && value !== undefined && same(value, this.id))
  }

  /**
   * Whether the Host header names this server by number, as localhost, or as it was told to be called. Any other name is one
   * that somebody else made point here (DNS rebinding).
   */
  isCalled(host: string | undefined): boolean {
    const match = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d+))?$/i.exec(host ?? '')
    if (!match || Number(match[2] ?? 80) !== this.port) return false
    const name = match[1]!.replace(/^\[|\]$/g, '').toLowerCase()
    return isIP(name) !== 0 || name === 'localhost' || name === this.hostname.toLowerCase()
  }

  /** Whether a request that changes things was made by a page of this very server. */
  isOwnPage(request: IncomingMessage): boolean {
    return request.headers.origin === `http://${request.headers.host}`
  }

  private get name(): string {
    return `anywhere-${this.port}`
  }
}

/** In constant time, whatever the lengths. */
function same(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(a), hash(b))
}
