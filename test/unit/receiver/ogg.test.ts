import { execFileSync } from 'node:child_process'
import { OpusDecoder } from 'opus-decoder'
import { describe, expect, test } from 'vitest'
import { oggCrc, openOggReader, opusPacketSamples, type OpusPacket } from '../../../main/receiver/player/ogg.ts'
import { randomSource } from '../../support/signals.ts'

/** A real Ogg Opus file of a sine, so many samples long. */
function opusFile(samples: number): Uint8Array {
  return new Uint8Array(execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `sine=frequency=500:sample_rate=48000,atrim=end_sample=${samples}`, '-c:a', 'libopus', '-b:a', '32k', '-ac', '1', '-f', 'ogg', '-'], { maxBuffer: 1 << 24 }))
}
function read(pieces: Iterable<Uint8Array>): { packets: OpusPacket[]; heads: { channels: number; preSkip: number }[]; ends: number[]; bad: number } {
  const packets: OpusPacket[] = []
  const heads: { channels: number; preSkip: number }[] = []
  const ends: number[] = []
  const reader = openOggReader({ head: (head) => heads.push(head), packet: (packet) => packets.push(packet), end: (last) => ends.push(last) })
  for (const piece of pieces) reader.push(piece)
  return { packets, heads, ends, bad: reader.badPages }
}
function* cut(bytes: Uint8Array, seed: number): Generator<Uint8Array> {
  const next = randomSource(seed)
  for (let at = 0; at < bytes.length;) {
    const length = 1 + Math.floor(Math.abs(next()) * 700)
    yield bytes.subarray(at, at + length)
    at += length
  }
}

describe('Ogg Opus as it arrives from the network', () => {
  const file = opusFile(100_000)

  test('packets carry their sample numbers whatever the pieces they came in', () => {
    const whole = read([file])
    expect(whole.heads).toEqual([{ channels: 1, preSkip: 312 }])
    expect(whole.packets[0]?.firstSample).toBe(-312)
    expect(whole.ends).toEqual([100_000])
    for (const [index, packet] of whole.packets.entries()) if (index > 0) expect(packet.firstSample).toBe((whole.packets[index - 1]?.firstSample ?? 0) + (whole.packets[index - 1]?.samples ?? 0))
    for (const seed of [1, 2, 3]) expect(read(cut(file, seed)).packets.map((one) => one.firstSample)).toEqual(whole.packets.map((one) => one.firstSample))
  })

  test('a listener that joins in the middle knows where in the stream it is', () => {
    const whole = read([file])
    const pages: Uint8Array[] = []
    for (let at = 0; at < file.length;) {
      const segments = file[at + 26] ?? 0
      let size = 27 + segments
      for (let i = 0; i < segments; i++) size += file[at + 27 + i] ?? 0
      pages.push(file.subarray(at, at + size))
      at += size
    }
    expect(pages.every((page) => oggCrc(page) === new DataView(page.buffer, page.byteOffset).getUint32(22, true))).toBe(true)
    const joined = read([...pages.slice(0, 2), ...pages.slice(3)])
    expect(joined.packets[0]?.firstSample).toBeGreaterThan(0)
    expect(whole.packets.map((one) => one.firstSample)).toContain(joined.packets[0]?.firstSample)
  })

  test('a damaged page is left out, noise in between is passed over, and nothing else is lost', () => {
    const longer = opusFile(300_000)
    const whole = read([longer])
    const damaged = longer.slice()
    damaged[Math.floor(longer.length / 2)] = (damaged[Math.floor(longer.length / 2)] ?? 0) ^ 0xff
    const result = read(cut(damaged, 9))
    expect(result.bad).toBeGreaterThan(0)
    expect(result.packets.length).toBeLessThan(whole.packets.length)
    expect(result.packets.at(-1)?.firstSample).toBe(whole.packets.at(-1)?.firstSample)
    const noisy = read([Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) & 0xff), longer])
    expect(noisy.packets.length).toBe(whole.packets.length)
  })

  test('hostile bytes neither throw nor grow the memory', () => {
    const next = randomSource(77)
    const reader = openOggReader({ head: () => undefined, packet: () => undefined, end: () => undefined })
    for (let i = 0; i < 200; i++) reader.push(Uint8Array.from({ length: 4096 }, (_, at) => (at % 97 === 0 ? [0x4f, 0x67, 0x67, 0x53, 0][at % 5] ?? 0 : Math.floor(Math.abs(next()) * 256))))
    expect(reader.badPages).toBeGreaterThanOrEqual(0)
  })

  test('the length of a packet is told by its first byte as the decoder hears it', async () => {
    const { packets } = read([file])
    const decoder = new OpusDecoder({ channels: 1, preSkip: 0, streamCount: 1, coupledStreamCount: 0, channelMappingTable: [0] })
    await decoder.ready
    for (const packet of packets.slice(0, 20)) {
      expect(opusPacketSamples(packet.data)).toBe(packet.samples)
      expect(decoder.decodeFrame(packet.data).samplesDecoded).toBe(packet.samples)
    }
    decoder.free()
  })
})
