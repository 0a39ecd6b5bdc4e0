import { describe, expect, it } from 'vitest'
import { readReply } from '../../../main/station/air/clock/sntp.ts'

const T = Date.UTC(2026, 10, 21, 1, 0, 0)
const ERA_SECONDS = 2_208_988_800
const request = Uint8Array.from({ length: 48 }, (_, n) => (n >= 40 ? n * 3 : 0))

function packet(options: { receivedMs?: number; sentMs?: number; first?: number; stratum?: number; echo?: Uint8Array } = {}): Uint8Array {
  const { receivedMs = T, sentMs = T, first = 0x24, stratum = 2, echo = request.subarray(40) } = options
  const bytes = new Uint8Array(48)
  const view = new DataView(bytes.buffer)
  bytes[0] = first
  bytes[1] = stratum
  bytes.set(echo, 24)
  for (const [at, ms] of [[32, receivedMs], [40, sentMs]] as const) {
    const seconds = Math.floor(ms / 1000) + ERA_SECONDS
    view.setUint32(at, seconds % 2 ** 32)
    view.setUint32(at + 4, Math.round(((ms % 1000) / 1000) * 2 ** 32) % 2 ** 32)
  }
  return bytes
}
const times = { sentMs: 1000, heardMs: 1040, aboutMs: T }

describe('the answer of a time server', () => {
  it('gives its time for the middle of the exchange and the way without the time it took to answer', () => {
    expect(readReply(packet({ receivedMs: T + 100, sentMs: T + 110 }), request, times)).toEqual({ serverMs: expect.closeTo(T + 105, 3), monotonicMs: 1020, roundTripMs: expect.closeTo(30, 3), stratum: 2 })
  })

  it.each([2036, 2040, 2104])('is read in the right NTP era in %d', (year) => {
    const now = Date.UTC(year, 5, 1)
    const reply = readReply(packet({ receivedMs: now, sentMs: now }), request, { ...times, aboutMs: now + 3_600_000 })
    expect(reply !== null && !(reply instanceof Error) && reply.serverMs).toBeCloseTo(now, 3)
  })

  it.each([['of another request', packet({ echo: new Uint8Array(8) })], ['that is cut short', packet().subarray(0, 40)]])('one %s is not heard', (_name, bytes) => {
    expect(readReply(bytes, request, times)).toBeNull()
  })

  it.each([['a kiss of death', packet({ stratum: 0 })], ['a clock that is not set', packet({ first: 0xe4 })], ['a client', packet({ first: 0x23 })], ['stratum 16', packet({ stratum: 16 })]])('%s is refused', (_name, bytes) => {
    expect(readReply(bytes, request, times)).toBeInstanceOf(Error)
  })
})
