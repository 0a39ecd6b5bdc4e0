import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CaptureFeed } from '../../../renderer/studio/audio/capture/feed.ts'
import { encodeChunk, encodeSession, readLeftSound, soundOfPiece, type SpoolSession } from '../../../renderer/studio/audio/capture/spool-records.ts'
import { spoolOn } from '../../../renderer/studio/audio/capture/spool.ts'
import { memoryFile } from '../../support/recorder/memory-file.ts'

const owner = (takeId: string): SpoolSession => ({ takeId, key: 'k'.repeat(24), title: 'Tin', channels: 1, inputLabel: 'Micro', inputRateHz: 48_000, host: '127.0.0.1' })
const CHUNK = 4_800
const block = (firstFrame: number, frames = CHUNK) => ({ firstFrame, samples: Float32Array.from({ length: frames }, (_, i) => ((firstFrame + i) % 8_388_608) / 8_388_608) })
function openFeed(limit?: number, mostWaitingBytes?: number) {
  const file = memoryFile(limit)
  const feed = new CaptureFeed(1, mostWaitingBytes)
  feed.useSpool(spoolOn(file))
  feed.attach({ handle: 3, fromFrame: 0, format: 'int24', live: false, owner: owner('A') })
  return { feed, file }
}
function valuesIn(file: ReturnType<typeof memoryFile>): { takeId: string; fromFrame: number; values: number[] } | null {
  const left = readLeftSound(file)
  if (left === null) return null
  const values: number[] = []
  let end = left.fromFrame
  for (const piece of left.pieces) {
    expect(piece.at).toBe(end)
    end += piece.frames
    const pcm = soundOfPiece(file, piece) ?? new Uint8Array(0)
    expect(pcm.length).toBe(piece.frames * 3)
    for (let i = 0; i < piece.frames; i++) values.push((pcm[i * 3] ?? 0) | ((pcm[i * 3 + 1] ?? 0) << 8) | ((pcm[i * 3 + 2] ?? 0) << 16))
  }
  expect(left.toFrame).toBe(end)
  return { takeId: left.session.takeId, fromFrame: left.fromFrame, values }
}
const counter = (from: number, frames: number): number[] => Array.from({ length: frames }, (_, i) => (from + i) % 8_388_608)

describe('what a window leaves behind when it is killed', () => {
  it('while the link is lost is everything up to the last chunk', () => {
    const { feed, file } = openFeed()
    feed.push(block(0))
    feed.linkLost()
    for (let i = 1; i < 40; i++) feed.push(block(i * CHUNK))
    expect(valuesIn(file)).toEqual({ takeId: 'A', fromFrame: 0, values: counter(0, 40 * CHUNK) })
  })

  it('while a station is connected but silent is everything but the last three quarters of a second', () => {
    const { feed, file } = openFeed()
    feed.acknowledge(3, -1)
    for (let i = 0; i < 100; i++) feed.push(block(i * CHUNK))
    const left = valuesIn(file)
    expect(left?.values.length).toBeGreaterThanOrEqual((100 * CHUNK) - 36_000)
    expect(left?.values).toEqual(counter(0, left?.values.length ?? 0))
  })

  it('is nothing when everything has been acknowledged, and begins anew with the next break', () => {
    const { feed, file } = openFeed()
    feed.linkLost()
    for (let i = 0; i < 10; i++) feed.push(block(i * CHUNK))
    feed.acknowledge(3, 9)
    expect(file.size()).toBe(0)
    expect(readLeftSound(file)).toBeNull()
    feed.linkLost()
    feed.push(block(10 * CHUNK))
    expect(valuesIn(file)).toEqual({ takeId: 'A', fromFrame: 10 * CHUNK, values: counter(10 * CHUNK, CHUNK) })
  })

  it('belongs to the next part from the sample on at which the file before ends', () => {
    const { feed, file } = openFeed()
    feed.linkLost()
    for (let i = 0; i < 10; i++) feed.push(block(i * CHUNK))
    feed.rebind(4, 2 * CHUNK + 1_234, owner('B'))
    for (let i = 10; i < 12; i++) feed.push(block(i * CHUNK))
    expect(valuesIn(file)).toEqual({ takeId: 'B', fromFrame: 0, values: counter(2 * CHUNK + 1_234, 10 * CHUNK - 1_234) })
    feed.rebind(5, CHUNK, owner('C'))
    expect(valuesIn(file)).toEqual({ takeId: 'C', fromFrame: 0, values: counter(3 * CHUNK + 1_234, 9 * CHUNK - 1_234) })
  })

  it('without an owner is nobody\'s: a live announcement is never handed in later', () => {
    const file = memoryFile()
    file.write(encodeChunk({ seq: 0, at: 0, frames: 2, channels: 1, format: 'int24', payload: new Uint8Array(6) }), { at: 0 })
    expect(readLeftSound(file)).toBeNull()
  })

  it('is read up to the first damage, whatever the damage is', () => {
    const { feed, file } = openFeed()
    feed.linkLost()
    for (let i = 0; i < 6; i++) feed.push(block(i * 50, 50))
    const whole = file.size()
    const good = valuesIn(file)?.values ?? []
    fc.assert(fc.property(fc.nat(whole - 1), fc.integer({ min: 1, max: 255 }), fc.nat(whole), (at, flip, cut) => {
      const copy = memoryFile()
      const bytes = new Uint8Array(whole)
      file.read(bytes, { at: 0 })
      bytes[at] = (bytes[at] ?? 0) ^ flip
      copy.write(bytes.subarray(0, cut), { at: 0 })
      const left = readLeftSound(copy)
      for (const [i, piece] of (left?.pieces ?? []).entries()) {
        const pcm = soundOfPiece(copy, piece)
        expect(piece.frames).toBe(50)
        expect((pcm?.[0] ?? 0) | ((pcm?.[1] ?? 0) << 8)).toBe(good[i * 50])
      }
    }))
  })

  it('keeps what fitted when the place is full, and says how much found room nowhere', () => {
    const { feed, file } = openFeed(1_000_000, 3_000_000)
    feed.linkLost()
    // Six seconds beside the memory and twenty in it: the other 34 of a minute find no room.
    for (let second = 0; second < 60; second++) feed.push(block(second * 48_000, 48_000))
    const left = valuesIn(file)
    expect(left?.fromFrame).toBe(0)
    expect(left?.values.length).toBe(6 * 48_000)
    expect(feed.droppedFrames).toBe(34 * 48_000)
  })

  it('names its session in bytes that are told apart from sound', () => {
    const record = encodeSession(owner('A'), 7)
    expect(record[0]).toBe(0x53)
    const file = memoryFile()
    file.write(record, { at: 0 })
    expect(readLeftSound(file)).toBeNull()
  })
})
