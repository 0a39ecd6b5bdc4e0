import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeFrame, type PcmFrame } from '#contract/frames.ts'
import { CaptureFeed, type Block } from '../../../renderer/studio/audio/capture/feed.ts'
import { spoolOn } from '../../../renderer/studio/audio/capture/spool.ts'
import { memoryFile } from '../../support/recorder/memory-file.ts'

const SECOND = 48_000
function block(firstFrame: number, frames: number): Block {
  // Minutes of sound in each test: a plain loop, many times quicker than `from`.
  const samples = new Float32Array(frames)
  for (let i = 0; i < frames; i++) samples[i] = ((firstFrame + i) % 8_388_608) / 8_388_608
  return { firstFrame, samples }
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
/** First frame that is not the counter, and where the frames end. */
function follow(frames: readonly PcmFrame[], from: number, firstValue: number): { wrong: number; end: number } {
  let position = from
  let value = firstValue
  for (const frame of frames) {
    if (frame.firstFrame !== position) return { wrong: position, end: position }
    for (let i = 0; i < frame.frames; i++, value++) {
      const got = (frame.payload[i * 3] ?? 0) | ((frame.payload[i * 3 + 1] ?? 0) << 8) | ((frame.payload[i * 3 + 2] ?? 0) << 16)
      if (got !== value % 8_388_608) return { wrong: position + i, end: position }
    }
    position += frame.frames
  }
  return { wrong: -1, end: position }
}
function openFeed(limit?: number): { feed: CaptureFeed; file: ReturnType<typeof memoryFile> } {
  const feed = new CaptureFeed(1)
  const file = memoryFile(limit)
  feed.useSpool(spoolOn(file))
  feed.attach({ handle: 3, fromFrame: 0, format: 'int24', live: false })
  return { feed, file }
}

describe('sound that waits for a station that is away for long', () => {
  it('lies beside the memory and comes back whole, far beyond what the memory may hold', () => {
    const { feed, file } = openFeed()
    // 25 minutes are 216 MB: more than the memory ring takes.
    const minutes = 25
    for (let second = 0; second < minutes * 60; second++) feed.push(block(second * SECOND, SECOND))
    expect(feed.waitingFrames).toBe(minutes * 60 * SECOND)
    expect(file.size()).toBeGreaterThan(210_000_000)
    let end = 0
    for (let bytes = feed.next(); bytes !== null; bytes = feed.next()) {
      const frame = decodeFrame(bytes)
      if ('refused' in frame) throw new Error(frame.refused)
      const checked = follow([frame], end, end)
      expect(checked.wrong).toBe(-1)
      end = checked.end
      feed.acknowledge(3, frame.seq)
    }
    expect(end).toBe(minutes * 60 * SECOND)
    expect(file.size()).toBe(0)
    expect(feed.waitingFrames).toBe(0)
  })

  it('without a place beside the memory keeps the newest and leaves the hole in the positions', () => {
    const feed = new CaptureFeed(1)
    feed.attach({ handle: 3, fromFrame: 0, format: 'int24', live: false })
    for (let second = 0; second < 25 * 60; second++) feed.push(block(second * SECOND, SECOND))
    const frames = drain(feed)
    const first = frames[0]?.firstFrame ?? 0
    expect(first).toBeGreaterThan(0)
    expect((25 * 60 * SECOND - first) * 3).toBeGreaterThan(200_000_000)
    expect(follow(frames, first, first)).toEqual({ wrong: -1, end: 25 * 60 * SECOND })
  })

  it('goes on in memory when the place beside it is full, and nothing is out of order', () => {
    const { feed, file } = openFeed(10_000_000)
    for (let second = 0; second < 300; second++) feed.push(block(second * SECOND, SECOND))
    expect(file.largest()).toBeGreaterThan(9_000_000)
    expect(follow(drain(feed), 0, 0)).toEqual({ wrong: -1, end: 300 * SECOND })
  })

  it('begins a new session exactly where the old file ends, also in the middle of a spooled chunk', () => {
    const { feed } = openFeed()
    for (let second = 0; second < 60; second++) feed.push(block(second * SECOND, SECOND))
    feed.linkLost()
    expect(feed.spooledChunks).toBeGreaterThan(10)
    feed.rebind(9, 2 * SECOND + 1_234)
    const frames = drain(feed)
    expect(frames[0]).toMatchObject({ session: 9, seq: 0, firstFrame: 0, frames: SECOND - 1_234 })
    expect(follow(frames, 0, 2 * SECOND + 1_234)).toEqual({ wrong: -1, end: 58 * SECOND - 1_234 })
    expect(feed.stop()).toBe(58 * SECOND - 1_234)
  })

  it('never spools what is live', () => {
    const feed = new CaptureFeed(1)
    const file = memoryFile()
    feed.useSpool(spoolOn(file))
    feed.attach({ handle: 3, fromFrame: 0, format: 'float32', live: true })
    for (let second = 0; second < 60; second++) feed.push(block(second * SECOND, SECOND))
    expect(file.largest()).toBe(0)
    expect(feed.waitingFrames).toBeLessThanOrEqual(SECOND / 2)
  })

  it('gives every sample once and in order whatever is lost, acknowledged, cut and spooled', () => {
    const step = fc.oneof({ weight: 4, arbitrary: fc.record({ push: fc.integer({ min: 1, max: 30 }) }) }, fc.constantFrom('lost', 'send', 'ack'), fc.record({ cut: fc.double({ min: 0, max: 1, noNaN: true }) }))
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), fc.constantFrom(5_000_000, Infinity), (steps, limit) => {
      const { feed } = openFeed(limit)
      let handle = 3
      let clock = 0
      // What the station holds: end of the old files in spoken samples, end of the running one in its session.
      let base = 0
      let has = 0
      let lastSeq = -1
      const send = (): void => {
        for (const frame of drain(feed)) {
          const known = has - frame.firstFrame
          expect(known).toBeGreaterThanOrEqual(0)
          expect(follow([frame], frame.firstFrame, base + frame.firstFrame).wrong).toBe(-1)
          has = Math.max(has, frame.firstFrame + frame.frames)
          lastSeq = frame.seq
        }
      }
      for (const one of steps) {
        if (one === 'lost') feed.linkLost()
        else if (one === 'send') send()
        else if (one === 'ack') feed.acknowledge(handle, lastSeq)
        else if ('push' in one) {
          for (let i = 0; i < one.push; i++, clock += SECOND) feed.push(block(clock, SECOND))
        } else {
          // A killed station keeps at least what it acknowledged.
          const acknowledged = clock - base - feed.waitingFrames
          const end = acknowledged + Math.floor((has - acknowledged) * one.cut)
          feed.rebind(++handle, end)
          base += end
          has = 0
          lastSeq = -1
        }
      }
      feed.linkLost()
      send()
      expect(base + has).toBe(clock)
    }), { numRuns: 30 })
  }, 60_000)
})
