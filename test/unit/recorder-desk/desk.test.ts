import { describe, expect, it } from 'vitest'
import { edit, edlLength, emptyEdl } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import { SignalWatch } from '#common/take/signal-watch.ts'
import { latchClip, noClips } from '../../../renderer/studio/features/recorder/clip-latch.ts'
import { MeterBallistics } from '../../../renderer/studio/features/recorder/meter-ballistics.ts'
import { ClockMatch } from '../../../renderer/studio/features/recorder/punch/clock-match.ts'
import { withoutOldTake } from '../../../renderer/studio/features/recorder/punch/old-take.ts'
import { decodeText, scrollSpeed, wordsOf } from '../../../renderer/studio/features/recorder/script-text.ts'

const BLOCK = 4_800

describe('the clip latch', () => {
  it('counts each shout of known PCM once, with its place, until it is cleared', () => {
    const pcm = new Float32Array(10 * BLOCK).fill(0.1)
    // Two shouts: one over a border of blocks, one half a second later.
    pcm.fill(1, BLOCK - 3, BLOCK + 2)
    pcm.fill(-1, 7 * BLOCK + 100, 7 * BLOCK + 110)
    const watch = new SignalWatch(1)
    let latch = noClips
    for (let n = 0; n < 10; n++) for (const fault of watch.look(pcm.subarray(n * BLOCK, (n + 1) * BLOCK), n * BLOCK)) if (fault.kind === 'clipping') latch = latchClip(latch, fault, 1_000 + n)
    expect(latch.count).toBe(2)
    expect(latch.first?.atFrame).toBe(BLOCK - 3)
    expect(latch.last).toMatchObject({ atFrame: 7 * BLOCK + 100, endFrame: 7 * BLOCK + 110, at: 1_007 })
  })

  it('counts anew in a new take, whose positions begin at nothing', () => {
    let latch = latchClip(noClips, { atFrame: 90_000, frames: 10 }, 1)
    latch = latchClip(latch, { atFrame: 200, frames: 10 }, 2)
    expect(latch.count).toBe(2)
  })
})

describe('the level meter', () => {
  it('jumps up, falls 24 dB a second and holds the highest peak for a second and a half', () => {
    const meter = new MeterBallistics()
    const at = (peakDbfs: number, now: number) => meter.step([{ peakDbfs, rmsDbfs: peakDbfs - 10 }], now)
    expect(at(-6, 1_000).peakDbfs[0]).toBe(-6)
    for (let now = 1_100; now <= 2_000; now += 100) at(-120, now)
    expect(at(-120, 2_000).peakDbfs[0]).toBeCloseTo(-30, 6)
    expect(at(-120, 2_400).holdDbfs[0]).toBe(-6)
    expect(at(-40, 2_501).holdDbfs[0]).toBe(-40)
  })
})

describe('the punch point', () => {
  it('is found on the microphone\'s clock from many looks at both, whatever a few late ones say', () => {
    const match = new ClockMatch()
    expect(match.captureOf(48_000)).toBeNull()
    for (let n = 0; n < 100; n++) match.pair(n * 800, 1_234_567 + n * 800 + (n % 10 === 0 ? 9_000 : n % 3))
    expect(Math.abs((match.captureOf(96_000) ?? 0) - (1_234_567 + 96_000))).toBeLessThanOrEqual(2)
  })

  it('leaves the old take of its lane silent from there on, and every other lane alone', () => {
    let ids = 0
    const context = { newId: () => `id${ids++}`, item: () => ({ itemId: 'item', title: 'x', sha256: '', channels: 1, length: samples(480_000) }) }
    let edl = emptyEdl
    const step = (command: Parameters<typeof edit>[1]): void => {
      const made = edit(edl, command, context)
      if ('refused' in made) throw new Error(made.refused)
      edl = made.edl
    }
    step({ op: 'addLane', name: 'lời' })
    step({ op: 'addLane', name: 'nền' })
    const [voice, bed] = edl.lanes.map((lane) => lane.id)
    for (const laneId of [voice ?? '', bed ?? '']) step({ op: 'insertItem', itemId: 'item', laneId, at: samples(0), mode: 'insert' })
    const heard = withoutOldTake(edl, voice ?? '', 100_000)
    expect(heard.lanes[0]?.clips.map((clip) => [clip.start, clip.length])).toEqual([[0, 100_000]])
    expect(heard.lanes[1]).toEqual(edl.lanes[1])
    expect(withoutOldTake(edl, voice ?? '', edlLength(edl))).toBe(edl)
  })
})

describe('the script', () => {
  it('is read as UTF-8, UTF-16 or what old Vietnamese editors wrote', () => {
    const words = 'Đài truyền thanh xã'
    expect(decodeText(new TextEncoder().encode(words))).toBe(words)
    expect(decodeText(new Uint8Array([0xff, 0xfe, ...Buffer.from(words, 'utf16le')]))).toBe(words)
    // "Đà" of windows-1258: the mark is a letter of its own and joins the vowel.
    expect(decodeText(new Uint8Array([0xd0, 0x61, 0xcc]))).toBe('Đà')
  })

  it('moves so that the words of the page pass at the chosen pace', () => {
    expect(wordsOf('  Kính thưa\n bà con  ')).toBe(4)
    expect(scrollSpeed(2_800, 140, 140) * 60).toBeCloseTo(2_800, 9)
    expect(scrollSpeed(500, 0, 140)).toBe(0)
  })
})
