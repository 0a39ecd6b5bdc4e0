import { createSocket } from 'node:dgram'

/** Seconds from 1900 (NTP) to 1970 (Unix). */
const ERA_SECONDS = 2_208_988_800
/** An NTP era is 2^32 s; times are read in the one nearest to the given instant (RFC 4330 3). */
const ERA_LENGTH_MS = 4_294_967_296_000
const PACKET_BYTES = 48
const CLIENT_V4 = 0x23
const SERVER_MODE = 4
const NOT_SYNCHRONISED = 3

export interface SntpReply {
  /** Time of the server's clock at the middle of the exchange, UTC ms, at local `monotonicMs`. */
  readonly serverMs: number
  readonly monotonicMs: number
  readonly roundTripMs: number
  readonly stratum: number
}
export interface SntpQuery {
  /** `host`, `host:port`, or an IPv6 address in brackets. */
  readonly server: string
  readonly timeoutMs: number
  readonly monotonicMs: () => number
  /** About what time it is, to choose the NTP era. */
  readonly aboutMs: number
}

/**
 * One SNTP exchange (RFC 4330). The request carries a random number instead of our time: only who has seen it can answer.
 * @throws Error when nobody answers in time, or what answers is no time server in good health
 */
export function querySntp({ server, timeoutMs, monotonicMs, aboutMs }: SntpQuery): Promise<SntpReply> {
  const { host, port } = addressOf(server)
  const request = Buffer.alloc(PACKET_BYTES)
  request[0] = CLIENT_V4
  crypto.getRandomValues(request.subarray(40, 48))
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    const sentMs = { at: 0 }
    const timer = setTimeout(() => finish(new Error('no answer')), timeoutMs)
    const finish = (result: Error | SntpReply): void => {
      clearTimeout(timer)
      socket.removeAllListeners()
      // Whatever still comes is late and nobody's.
      socket.on('error', () => undefined)
      socket.close()
      if (result instanceof Error) reject(result)
      else resolve(result)
    }
    socket.once('error', finish)
    socket.on('message', (packet) => {
      const reply = readReply(packet, request, { sentMs: sentMs.at, heardMs: monotonicMs(), aboutMs })
      // Not an answer to this request: somebody else's, or forged. The right one may still come.
      if (reply !== null) finish(reply)
    })
    socket.connect(port, host, () => {
      sentMs.at = monotonicMs()
      socket.send(request, (error) => {
        if (error !== null && error !== undefined) finish(error)
      })
    })
  })
}

/** Null when the packet does not answer the request. */
export function readReply(packet: Uint8Array, request: Uint8Array, times: { readonly sentMs: number; readonly heardMs: number; readonly aboutMs: number }): SntpReply | Error | null {
  if (packet.length < PACKET_BYTES) return null
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
  for (let n = 0; n < 8; n++) if (packet[24 + n] !== request[40 + n]) return null
  const first = view.getUint8(0)
  const stratum = view.getUint8(1)
  if ((first & 7) !== SERVER_MODE || stratum === 0 || stratum > 15 || first >> 6 === NOT_SYNCHRONISED) return new Error('the time server is not in good health')
  const receivedMs = timestampAt(view, 32, times.aboutMs)
  const transmittedMs = timestampAt(view, 40, times.aboutMs)
  const roundTripMs = Math.max(0, times.heardMs - times.sentMs - (transmittedMs - receivedMs))
  return { serverMs: (receivedMs + transmittedMs) / 2, monotonicMs: (times.sentMs + times.heardMs) / 2, roundTripMs, stratum }
}

function timestampAt(view: DataView, at: number, aboutMs: number): number {
  const ms = (view.getUint32(at) - ERA_SECONDS) * 1000 + (view.getUint32(at + 4) / 4_294_967_296) * 1000
  return ms + Math.round((aboutMs - ms) / ERA_LENGTH_MS) * ERA_LENGTH_MS
}

function addressOf(server: string): { host: string; port: number } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(server)
  if (bracketed !== null) return { host: bracketed[1] ?? '', port: Number(bracketed[2] ?? 123) }
  const named = /^([^:]+):(\d+)$/.exec(server)
  return named === null ? { host: server, port: 123 } : { host: named[1] ?? '', port: Number(named[2]) }
}
