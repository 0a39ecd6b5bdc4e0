import { describe, expect, it } from 'vitest'
import { badgesOf, isStale, stateOf } from '../../../main/station/devices/fleet/presence.ts'
import type { DeviceFacts } from '../../../main/station/devices/fleet/presence.ts'
import { PacketGuard } from '../../../main/station/devices/broker/packet-guard.ts'
import { OggPages } from '../../../main/station/devices/listener/ogg-pages.ts'

const NOW = 1_795_222_800_000
const boot = '01JD0000000000000000000000'
const facts: DeviceFacts = {
  mode: 'active', online: { v: 1, online: true, boot, conn: 1 }, lastSeenAt: NOW - 1000, heard: true, tele: { v: 1, n: 1, at: '', up: 1, run: 'idle' }, reported: null, playing: null, preparing: false, fault: false,
}
const state = (change: Partial<DeviceFacts>, linkUp = true): string => stateOf({ ...facts, ...change }, NOW, linkUp)

describe('the state of a device', () => {
  it('takes the first that fits, in the order of the protocol', () => {
    expect(state({})).toBe('online-idle')
    expect(state({ mode: 'disabled', online: null })).toBe('disabled')
    expect(state({ online: { v: 1, online: false, boot, conn: 1 }, playing: { ref: 'a', prio: 9 } })).toBe('offline')
    expect(state({ playing: { ref: 'a', prio: 9 }, preparing: true })).toBe('playing-emergency')
    expect(state({ playing: { ref: 'a', prio: 6 } })).toBe('playing-live')
    expect(state({ playing: { ref: 'a', prio: 3 }, preparing: true })).toBe('preparing')
    expect(state({ playing: { ref: 'a', prio: 3 } })).toBe('playing-schedule')
    expect(state({ tele: { v: 1, n: 1, at: '', up: 1, run: 'fm' } })).toBe('fm-relay')
    expect(state({ playing: { ref: 'a', prio: 0 } })).toBe('self-test')
    expect(state({ reported: { v: 1, at: '', rev: 1, fw: '', hw: '', caps: [], mute: { prio: 6, until: new Date(NOW + 1000).toISOString() } } })).toBe('muted')
  })
  it('never shows green for a device that is not heard', () => {
    expect(state({ lastSeenAt: NOW - 80_000 })).toBe('unknown')
    expect(state({ lastSeenAt: NOW - 180_000 })).toBe('offline')
    expect(state({ lastSeenAt: null })).toBe('offline')
    expect(state({ heard: false })).toBe('unknown')
    expect(state({ playing: { ref: 'a', prio: 3 } }, false)).toBe('unknown')
  })
  it('ignores a will of an earlier connection or boot', () => {
    const known = { v: 1 as const, online: true, boot, conn: 5 }
    expect(isStale({ v: 1, online: false, boot, conn: 4 }, known)).toBe(true)
    expect(isStale({ v: 1, online: false, boot, conn: 5 }, known)).toBe(false)
    expect(isStale({ v: 1, online: false, boot: '01JC0000000000000000000000', conn: 9 }, known)).toBe(true)
    expect(isStale({ v: 1, online: true, boot: '01JE0000000000000000000000', conn: 1 }, known)).toBe(false)
  })
  it('names faults, half health and lost power beside the state', () => {
    expect(badgesOf({ ...facts, tele: { v: 1, n: 1, at: '', up: 1, amp: { lines: [{ st: 'open' }] }, pwr: { lost: true }, clk: { src: 'none' } } })).toEqual(['fault', 'degraded', 'power-lost'])
    expect(badgesOf(facts)).toEqual([])
  })
})

describe('the packet guard', () => {
  const packet = (length: number): Buffer => {
    const header = [0x30]
    let rest = length
    do {
      header.push((rest % 128) | (rest > 127 ? 128 : 0))
      rest = Math.floor(rest / 128)
    } while (rest > 0)
    return Buffer.concat([Buffer.from(header), Buffer.alloc(length)])
  }
  it('lets packets up to 64 KiB pass however they are cut, and stops a larger one at its header', () => {
    const stream = Buffer.concat([packet(2), packet(65_536), packet(0), packet(300)])
    for (const size of [1, 7, 1000, stream.length]) {
      const guard = new PacketGuard()
      for (let start = 0; start < stream.length; start += size) expect(guard.take(stream.subarray(start, start + size))).toBe(true)
    }
    expect(new PacketGuard().take(packet(65_537).subarray(0, 5))).toBe(false)
    expect(new PacketGuard().take(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01]))).toBe(false)
  })
})

describe('pages of a live stream', () => {
  it('are cut whole from any chunks, headers kept for late listeners', () => {
    const page = (granule: number, body: number): Buffer => {
      const bytes = Buffer.alloc(28 + body, 7)
      bytes.write('OggS', 0)
      bytes.writeBigInt64LE(BigInt(granule), 6)
      bytes[26] = 1
      bytes[27] = body
      return bytes
    }
    const stream = Buffer.concat([page(0, 19), page(0, 60), page(960, 100), page(1920, 100)])
    const pages = new OggPages()
    const out: Buffer[] = []
    for (const byte of stream) out.push(...pages.push(Buffer.from([byte])))
    expect(pages.headers()).toEqual(stream.subarray(0, 28 + 19 + 28 + 60))
    expect(Buffer.concat(out)).toEqual(stream.subarray(28 + 19 + 28 + 60))
  })
})
