import { describe, expect, test } from 'vitest'
import { openBroadcast } from '../../../main/receiver/player/broadcast.ts'

const BLOCK = 960
const MS = 48
/** Sample n of the stream has the value n / 1e6, so that every jump can be read off. */
const numbered = (first: number, count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => (first + i + 1) / 1e6)
const readBack = (value: number | undefined): number => Math.round((value ?? 0) * 1e6) - 1

function bench(change: { bufferMs?: number; onLoss?: 'silence' | 'fallback' | 'resume'; anchorAt?: number | null } = {}) {
  const told: string[] = []
  const anchorAt = change.anchorAt === undefined ? 0 : change.anchorAt
  const voice = openBroadcast({
    bufferSamples: (change.bufferMs ?? 200) * MS, anchor: () => (anchorAt === null ? null : { at: anchorAt, sample: 0 }), startAt: () => 0, hardEnd: () => Infinity, lossHoldSamples: 5000 * MS, onLoss: change.onLoss ?? 'silence', fallback: null,
    tell: (event) => told.push(event.kind),
  })
  let at = 0
  return {
    voice, told,
    get at() {
      return at
    },
    /** Plays so many blocks; `feed` gives the stream samples that have arrived by then. */
    play(blocks: number, feed: (at: number) => void = () => undefined): Float32Array {
      const out = new Float32Array(blocks * BLOCK)
      for (let i = 0; i < blocks; i++) {
        feed(at)
        if (voice.due(at)) voice.fill(at, out.subarray(i * BLOCK, (i + 1) * BLOCK), BLOCK)
        at += BLOCK
      }
      return out
    },
  }
}

describe('a live stream on the output', () => {
  test('stream sample n sounds at its anchor plus the buffer, to the sample', () => {
    const { voice, play } = bench({ bufferMs: 200, anchorAt: 1000 })
    voice.push(0, numbered(0, 48_000))
    const out = play(20)
    const start = 1000 + 200 * MS
    expect(out[start - 1]).toBe(0)
    expect(readBack(out[start])).toBe(0)
    expect(readBack(out[start + 5000])).toBe(5000)
  })

  test('a listener that joins late is at the same sample as the others', () => {
    const { voice, play } = bench({ bufferMs: 200 })
    // It gets the stream only from sample 30 000 on.
    voice.push(30_000, numbered(30_000, 48_000))
    const out = play(60)
    const due = 30_000 + 200 * MS
    expect(out[due - 1]).toBe(0)
    expect(readBack(out[due])).toBe(30_000)
  })

  test('an underrun lengthens the buffer by half a second, repeats nothing and loses nothing', () => {
    const test = bench({ bufferMs: 200 })
    let sent = 0
    const feed = (until: number): void => {
      const count = until - sent
      if (count <= 0) return
      test.voice.push(sent, numbered(sent, count))
      sent = until
    }
    test.play(50, (at) => feed(at))
    // The link stalls for 300 ms, then everything comes at once.
    const before = sent
    test.play(15)
    const out = test.play(200, (at) => feed(at))
    expect(test.told).toEqual(['underrun'])
    expect(test.voice.bufferSamples).toBe(700 * MS)
    const heard = [...out].filter((value) => value !== 0).map(readBack)
    expect(heard.findIndex((value, i) => i > 0 && value - (heard[i - 1] ?? 0) !== 1)).toBe(-1)
    expect(heard[0]).toBe(before)
  })

  test('after the hold a lost stream leaves the output to what lies below, and takes it back in time', () => {
    const test = bench({ bufferMs: 200, onLoss: 'resume' })
    let live = true
    let sent = 0
    const feed = (at: number): void => {
      if (!live) return
      if (at - sent > 4 * 48_000) sent = at - 1000 * MS
      test.voice.push(sent, numbered(sent, at - sent))
      sent = at
    }
    test.play(100, feed)
    live = false
    test.play(200)
    expect(test.voice.due(test.at)).toBe(true)
    test.play(100)
    expect(test.told).toEqual(['underrun', 'lost'])
    expect(test.voice.due(test.at)).toBe(false)
    live = true
    const out = test.play(60, feed)
    expect(test.told).toEqual(['underrun', 'lost', 'back'])
    const last = out.findLastIndex((value) => value !== 0)
    expect(test.at - 60 * BLOCK + last - readBack(out[last])).toBe(test.voice.bufferSamples)
  })

  test('the end is played out to the last sample', () => {
    const { voice, play } = bench({ bufferMs: 200 })
    voice.push(0, numbered(0, 20_000))
    voice.drain(0, null)
    const out = play(60)
    expect(readBack(out.findLast((value) => value !== 0))).toBe(19_999)
    expect(voice.finished).toBe(true)
  })

  test('without an anchor it starts when the buffer is full and drops what is too much', () => {
    const test = bench({ bufferMs: 200, anchorAt: null })
    test.voice.push(0, numbered(0, 100 * MS))
    expect(test.play(5).every((value) => value === 0)).toBe(true)
    test.voice.push(100 * MS, numbered(100 * MS, 2000 * MS))
    test.play(10)
    expect(test.voice.buffered(test.at)).toBeLessThanOrEqual(480 * MS)
  })

  test('noise instead of numbers does not move it', () => {
    const { voice, play } = bench({ bufferMs: 200 })
    voice.push(0, numbered(0, 10_000))
    voice.push(1e15, numbered(0, 960))
    play(5)
    expect(voice.underruns).toBeLessThanOrEqual(1)
  })
})
