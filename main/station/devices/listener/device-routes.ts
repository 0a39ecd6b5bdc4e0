import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock, HttpRoutes } from '../../context.ts'
import { bearer, readJson, sendJson } from './bodies.ts'
import type { ContentShelf } from './content.ts'
import type { LiveStreams } from './live-streams.ts'
import type { PairingDesk } from './pairing.ts'

/** What TLS says about the caller. */
export interface Peer {
  /** Hash of the client key, also of a certificate nobody signed (pairing). */
  readonly spki: string | null
  /** Device of a certificate in force. */
  readonly device: string | null
}
export interface RouteDeps {
  readonly clock: Clock
  readonly pairing: PairingDesk
  readonly content: ContentShelf
  readonly streams: LiveStreams
  readonly sendFile: HttpRoutes['sendFile']
  /** Manifest letter by version. */
  manifest(ver: number): { body: string; sha256: string } | null
  /** Device that owns this password, or null. */
  deviceOfSecret(secret: string): string | null
}

/** Requests of one address to the pairing endpoints: enough for an installer with a carload of radios, too few to guess with. */
const PAIR_PER_MINUTE = 120

/**
 * HTTP for devices, the same on the device listener (TLS, client certificate or bearer) and on the studio's listener (kiosk pages of this computer, bearer only):
 * `POST /bs1/pair/1`, `POST /bs1/pair/2`, `GET /bs1/pair/3` (client key or `Authorization: Bearer {nonceD}`), `GET /bs1/clock?t0=µs`, `GET /m/{ver}.jws`, `GET /c/{sha256}`,
 * `GET /live/{sid}.ogg` (bearer = token of the letter). `/m` and `/c` take the client certificate or `Authorization: Bearer {secret}`.
 */
export class DeviceRoutes {
  readonly #deps: RouteDeps
  readonly #pairCalls = new Map<string, { count: number; since: number }>()

  constructor(deps: RouteDeps) {
    this.#deps = deps
  }

  async answer(request: IncomingMessage, response: ServerResponse, path: string, peer: Peer): Promise<void> {
    const [area = '', name = '', step = '', ...rest] = path.split('/')
    if (rest.length > 0) return sendJson(response, 404, { v: 1, code: 'not_found' })
    if (area === 'bs1') return this.#bs1(request, response, name, step, peer)
    if (request.method !== 'GET' && request.method !== 'HEAD') return sendJson(response, 405, { v: 1, code: 'not_found' })
    if (area === 'live' && step === '') return this.#live(request, response, name, peer)
    const secret = bearer(request)
    const device = peer.device ?? (secret === null ? null : this.#deps.deviceOfSecret(secret))
    if (device === null) return sendJson(response, 401, { v: 1, code: 'not_paired' })
    if (area === 'c' && step === '') return this.#content(request, response, name)
    if (area === 'm' && step === '') return this.#manifest(response, name)
    sendJson(response, 404, { v: 1, code: 'not_found' })
  }

  async #bs1(request: IncomingMessage, response: ServerResponse, name: string, step: string, peer: Peer): Promise<void> {
    if (name === 'clock' && request.method === 'GET' && step === '') return this.#clock(request, response)
    if (name !== 'pair') return sendJson(response, 404, { v: 1, code: 'not_found' })
    if (!this.#maySpend(request.socket.remoteAddress ?? '')) return sendJson(response, 429, { v: 1, code: 'too_many_tries' })
    const { pairing } = this.#deps
    if (request.method === 'POST' && (step === '1' || step === '2')) {
      const body = await readJson(request)
      const { status, body: reply } = step === '1' ? await pairing.first(body, peer.spki) : await pairing.second(body)
      return sendJson(response, status, reply)
    }
    if (request.method === 'GET' && step === '3') {
      const { status, body: reply } = await pairing.third({ peerSpki: peer.spki, nonceD: bearer(request) })
      return sendJson(response, status, reply)
    }
    sendJson(response, 404, { v: 1, code: 'not_found' })
  }

  #clock(request: IncomingMessage, response: ServerResponse): void {
    const t1 = Math.round(this.#deps.clock.now() * 1000)
    const t0 = Number(new URL(request.url ?? '/', 'https://station').searchParams.get('t0') ?? '0')
    if (!Number.isSafeInteger(t0) || t0 < 0) return sendJson(response, 400, { v: 1, code: 'bad_schema' })
    sendJson(response, 200, { v: 1, t0, t1, t2: Math.round(this.#deps.clock.now() * 1000) })
  }

  #live(request: IncomingMessage, response: ServerResponse, name: string, peer: Peer): void {
    const sid = /^([0-7][0-9A-HJKMNP-TV-Z]{25})\.ogg$/.exec(name)?.[1]
    const outcome = sid === undefined ? 'unknown' : this.#deps.streams.serve(sid, bearer(request), peer.device !== null, request, response)
    if (outcome === 'unknown') sendJson(response, 404, { v: 1, code: 'not_found' })
    if (outcome === 'refused') sendJson(response, 401, { v: 1, code: 'not_paired' })
  }

  async #content(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const content = /^[0-9a-f]{64}$/.test(name) ? this.#deps.content.get(name) : null
    if (content === null) return sendJson(response, 404, { v: 1, code: 'not_found' })
    response.setHeader('repr-digest', `sha-256=:${Buffer.from(content.sha256, 'hex').toString('base64')}:`)
    await this.#deps.sendFile(request, response, this.#deps.content.path(content.sha256), { mime: content.mime, etag: content.sha256, immutable: true })
  }

  #manifest(response: ServerResponse, name: string): void {
    const ver = Number(/^(\d{1,15})\.jws$/.exec(name)?.[1] ?? Number.NaN)
    const manifest = Number.isNaN(ver) ? null : this.#deps.manifest(ver)
    if (manifest === null) return sendJson(response, 404, { v: 1, code: 'not_found' })
    response.writeHead(200, { 'content-type': 'application/jose', 'content-length': Buffer.byteLength(manifest.body), etag: `"${manifest.sha256}"`, 'cache-control': 'private, max-age=31536000, immutable' })
    response.end(manifest.body)
  }

  #maySpend(address: string): boolean {
    const now = this.#deps.clock.monotonicMs()
    const entry = this.#pairCalls.get(address)
    if (entry === undefined || now - entry.since > 60_000) {
      if (this.#pairCalls.size > 1000) this.#pairCalls.clear()
      this.#pairCalls.set(address, { count: 1, since: now })
      return true
    }
    entry.count += 1
    return entry.count <= PAIR_PER_MINUTE
  }
}
