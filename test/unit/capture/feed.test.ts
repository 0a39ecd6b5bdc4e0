import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeFrame, type PcmFrame } from '#contract/frames.ts'
import { CaptureFeed, type Block } from '../../../renderer/studio/audio/capture/feed.ts'
import { SignalWatch } from '#common/take/signal-watch.ts'

/** Sample n of the capture clock holds n / 2^23, exact in float32 and in 24 bits. */
function block(firstFrame: number, frames: number, channels = 1): Block {
  const samples = new Float32Array(frames * channels)
  for (let i = 0; i < samples.length; i++) samples[i] = ((firstFrame + Math.floor(i / channels)) % 8_388_608) / 8_388_608
  return { samples, firstFrame }
}
function drain(feed: CaptureFeed): PcmFrame[] {
  const frames: PcmFrame[] = []
  for (let bytes = feed.next(); bytes !== null; bytes = feed.next()) {
    const frame = decodeFrame(bytes)
    if ('refused' in frame) throw new Error(frame.refused)
    frames.push(frame)
  }
  return frames
}
const valuesOf = (frames: readonly PcmFrame[]): number[] => frames.flatMap((frame) => Array.from({ length: frame.frames }, (_, i) => (frame.payload[i * 3] ?? 0) | ((frame.payload[i * 3 + 1] ?? 0) << 8) | ((frame.payload[i * 3 + 2] ?? 0) << 16)))
const attach = (feed: CaptureFeed, fromFrame: number, live = false): void => feed.attach({ handle: 7, fromFrame, format: 'int24', live })

describe('the feed of a microphone', () => {
  it('begins at the asked frame, also when that was a moment ago', () => {
    const feed = new CaptureFeed(1)
    feed.push(block(0, 100))
    feed.push(block(100, 100))
    attach(feed, 150)
    feed.push(block(200, 100))
    const frames = drain(feed)
    expect(valuesOf(frames)).toEqual(Array.from({ length: 150 }, (_, i) => 150 + i))
    expect(frames.map((frame) => [frame.session, frame.seq, frame.firstFrame, frame.frames])).toEqual([[7, 0, 0, 50], [7, 1, 50, 100]])
  })

  it('cuts a pause out exactly and goes on with the next position', () => {
    const feed = new CaptureFeed(1)
    attach(feed, 0)
    feed.push(block(0, 100))
    feed.pause()
    feed.push(block(100, 300))
    feed.resume(400)
    feed.push(block(400, 50))
    expect(valuesOf(drain(feed))).toEqual([...Array.from({ length: 100 }, (_, i) => i), ...Array.from({ length: 50 }, (_, i) => 400 + i)])
    expect(feed.stop()).toBe(150)
    feed.push(block(450, 50))
    expect(drain(feed)).toEqual([])
  })

  it('tells what the sound card lost and leaves the hole in the positions', () => {
    const feed = new CaptureFeed(1)
    attach(feed, 0)
    expect(feed.push(block(0, 100))).toBe(0)
    expect(feed.push(block(228, 100))).toBe(128)
    expect(drain(feed).map((frame) => frame.firstFrame)).toEqual([0, 228])
  })

  it('sends again from the first unacknowledged chunk after the link was lost, byte for byte', () => {
    const feed = new CaptureFeed(1)
    attach(feed, 0)
    for (let i = 0; i < 5; i++) feed.push(block(i * 10, 10))
    const before = drain(feed)
    feed.acknowledge(7, 1)
    feed.acknowledge(99, 4)
    feed.linkLost()
    expect(drain(feed)).toEqual(before.slice(2))
  })

  it('starts a new session with what the restarted station had not acknowledged', () => {
    const feed = new CaptureFeed(1)
    attach(feed, 0)
    for (let i = 0; i < 4; i++) feed.push(block(i * 10, 10))
    drain(feed)
    feed.acknowledge(7, 1)
    feed.rebind(8)
    feed.push(block(40, 10))
    const frames = drain(feed)
    expect(frames.map((frame) => [frame.session, frame.seq, frame.firstFrame])).toEqual([[8, 0, 0], [8, 1, 10], [8, 2, 20]])
    expect(valuesOf(frames)[0]).toBe(20)
    expect(feed.stop()).toBe(30)
  })

  it('keeps at most half a second of live sound', () => {
    const feed = new CaptureFeed(1)
    attach(feed, 0, true)
    for (let i = 0; i < 20; i++) feed.push(block(i * 4_800, 4_800))
    const frames = drain(feed)
    expect(frames.reduce((sum, frame) => sum + frame.frames, 0)).toBeLessThanOrEqual(24_000)
    expect(frames.at(-1)?.firstFrame).toBe(19 * 4_800)
  })

  it('gives every sample exactly once and in order, whatever is cut, paused, lost and acknowledged', () => {
    const step = fc.oneof(fc.record({ push: fc.integer({ min: 1, max: 500 }) }), fc.constantFrom('pause', 'resume', 'lost', 'ack'))
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const feed = new CaptureFeed(1)
      attach(feed, 0)
      const expected: number[] = []
      const got = new Map<number, { at: number; values: number[] }>()
      let clock = 0
      let paused = false
      const send = (): void => { for (const frame of drain(feed)) got.set(frame.seq, { at: frame.firstFrame, values: valuesOf([frame]) }) }
      for (const one of steps) {
        if (typeof one === 'object') {
          feed.push(block(clock, one.push))
          if (!paused) for (let i = 0; i < one.push; i++) expected.push(clock + i)
          clock += one.push
        } else if (one === 'pause') { feed.pause(); paused = true }
        else if (one === 'resume') { feed.resume(clock); paused = false }
        else if (one === 'lost') feed.linkLost()
        else { send(); feed.acknowledge(7, Math.max(...got.keys(), 0)) }
      }
      send()
      const inOrder = [...got.entries()].sort(([a], [b]) => a - b).map(([, value]) => value)
      expect(inOrder.flatMap((one) => one.values)).toEqual(expected)
      let at = 0
      for (const one of inOrder) {
        expect(one.at).toBe(at)
        at += one.values.length
      }
    }))
  })
})

describe('the watch over the signal', () => {
  it('tells exact silence after five seconds and again when it ends', () => {
    const watch = new SignalWatch(1)
    const told: unknown[] = []
    for (let second = 0; second < 7; second++) told.push(...watch.look(new Float32Array(48_000), second * 48_000))
    told.push(...watch.look(Float32Array.of(0, 0.001), 7 * 48_000))
    expect(told).toEqual([{ kind: 'silence', atFrame: 0, frames: 240_000 }, { kind: 'silence', atFrame: 0, frames: 336_000 }])
  })

  it('takes three samples at the rail for clipping, a single loud one not', () => {
    const watch = new SignalWatch(2)
    expect(watch.look(Float32Array.of(1, 0, 1, 0, 0.2, 0.1), 0)).toEqual([])
    expect(watch.look(Float32Array.of(0, -1, 0, -1, 0, -1, 0, -1, 0, 0), 100)).toEqual([{ kind: 'clipping', atFrame: 100, frames: 4 }])
  })

  it('is not fooled by a quiet room', () => {
    const watch = new SignalWatch(1)
    for (let second = 0; second < 8; second++) expect(watch.look(Float32Array.from({ length: 48_000 }, (_, i) => (i % 2 === 0 ? 1e-5 : 0)), second * 48_000)).toEqual([])
  })
})
