import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { samples } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import { callerWith, callRoom } from '../../support/context.ts'
import { ffmpegMake, joined, noise, silence, sine, speakToWav } from '../../support/signals.ts'
import type { Signal } from '../../support/signals.ts'
import { openSoundBench, partOf, readSignal, rmsDb, toneLevelDb } from '../../support/sound-room.ts'
import type { SoundBench } from '../../support/sound-room.ts'

let room: SoundBench
let speech: Signal
let dirty: Item

const added = (...signals: readonly Signal[]): Signal => [Float32Array.from(signals[0]?.[0] ?? [], (value, n) => signals.slice(1).reduce((sum, other) => sum + (other[0]?.[n] ?? 0), value))]
const first = (signal: Signal): Float32Array => signal[0] ?? new Float32Array(0)

beforeAll(async () => {
  room = await openSoundBench()
  const raw = join(room.bench.desk, 'raw.wav')
  await speakToWav(raw, 'Kính thưa bà con. Đây là bản tin sáng của đài truyền thanh xã. Xin bà con chú ý theo dõi.')
  await ffmpegMake('-i', raw, '-ar', '48000', '-af', 'volume=-6dB', '-c:a', 'pcm_s24le', join(room.bench.desk, 'speech.wav'))
  speech = await readSignal(await room.bench.media.openPcm(join(room.bench.desk, 'speech.wav')))
  const clean = joined(silence(1.5), speech, silence(1.5))
  const seconds = first(clean).length / 48_000
  dirty = await room.item('bẩn', added(clean, sine({ hz: 50, dbfs: -36, seconds }), sine({ hz: 150, dbfs: -42, seconds }), noise({ dbfs: -54, seconds })))
})
afterAll(() => room[Symbol.asyncDispose]())

/** The upper half of the band alone: hiss without hum. */
const hissDb = (channel: Float32Array, from: number, to: number): number => rmsDb(Float32Array.from(channel, (value, n) => value - (channel[n - 1] ?? 0)), from, to)
/** A high pass turns phases a little: less than a third of a millisecond. */
const IN_PLACE = 14
/** How much later `other` is, in samples, within ±2 000. */
function lag(one: Float32Array, other: Float32Array): number {
  let best = -Infinity
  let found = NaN
  for (let shift = -2_000; shift <= 2_000; shift++) {
    let sum = 0
    for (let n = 90_000; n < 160_000; n += 2) sum += (one[n] ?? 0) * (other[n + shift] ?? 0)
    if (sum > best) {
      best = sum
      found = shift
    }
  }
  return found
}
const refusal = (work: Promise<unknown>): Promise<string> => work.then(() => 'fine', (error: unknown) => (error instanceof AppError ? error.code : String(error)))
const tidy = async () => (await readdir(room.bench.ctx.folders.temp)).filter((name) => name.startsWith('sound-') || name.startsWith('delay-'))

describe('cleaning a voice', () => {
  it.each(['rnnoise', 'afftdn'] as const)('by %s takes hum and hiss away, leaves the voice where and as loud as it was, and keeps the original', async (reducer) => {
    const { parts } = await room.report(callRoom(room.sound, 'sound.treat', { title: 'Làm sạch', parts: [partOf(dirty)], treatment: { kind: 'cleanUp', amount: 70, reducer } }), 'treated')
    const [part] = parts
    expect(part).toMatchObject({ key: dirty.id, offset: 0, length: dirty.lengthSamples, factor: 1, audible: false })
    const before = first(await room.pcm(dirty.id))
    const after = first(await room.pcm(part?.itemId ?? ''))
    expect(after.length).toBe(before.length)
    expect(Math.abs(lag(before, after))).toBeLessThanOrEqual(IN_PLACE)
    expect(toneLevelDb(after, 50, 0.2, 1.4)).toBeLessThan(toneLevelDb(before, 50, 0.2, 1.4) - 20)
    expect(toneLevelDb(after, 150, 0.2, 1.4)).toBeLessThan(toneLevelDb(before, 150, 0.2, 1.4) - 10)
    expect(hissDb(after, 0.3, 1.3)).toBeLessThan(hissDb(before, 0.3, 1.3) - 10)
    expect(Math.abs(rmsDb(after, 2, 5) - rmsDb(before, 2, 5))).toBeLessThan(2.5)
    expect(await callRoom(room.sound, 'sound.originOf', { itemId: part?.itemId ?? '' })).toEqual({ origin: { fromItemId: dirty.id, fromTitle: 'bẩn', offset: 0, length: dirty.lengthSamples, treatment: 'cleanUp' } })
    expect(await callRoom(room.sound, 'sound.originOf', { itemId: dirty.id })).toEqual({ origin: null })
    expect(room.bench.library.get(dirty.id)?.sha256).toBe(dirty.sha256)
    expect(await tidy()).toEqual([])
  })
  it('of a clip keeps a second of sound on both sides for fades and trims', async () => {
    const { parts: [part] } = await room.report(callRoom(room.sound, 'sound.treat', { title: 'Làm sạch', parts: [partOf(dirty, 96_000, 72_000, 'clip')], treatment: { kind: 'cleanUp', amount: 40, hum: false } }), 'treated')
    expect(part).toMatchObject({ key: 'clip', offset: 48_000, length: 72_000 })
    expect(room.bench.library.get(part?.itemId ?? '')?.lengthSamples).toBe(168_000)
    expect(Math.abs(lag(first(await room.pcm(dirty.id)).subarray(48_000), first(await room.pcm(part?.itemId ?? ''))))).toBeLessThanOrEqual(IN_PLACE)
  })
  it('does more with more of the slider, and nothing at zero', async () => {
    const noiseAfter = async (amount: number) => {
      const { parts } = await room.report(callRoom(room.sound, 'sound.treat', { title: 'Làm sạch', parts: [partOf(dirty)], treatment: { kind: 'cleanUp', amount, reducer: 'afftdn', rumble: false, hum: false, clicks: false, sibilance: false } }), 'treated')
      return room.pcm(parts[0]?.itemId ?? '')
    }
    const [none, some, much] = [await noiseAfter(0), await noiseAfter(25), await noiseAfter(90)]
    expect(none).toEqual(await room.pcm(dirty.id))
    expect(hissDb(first(some), 0.3, 1.3)).toBeLessThan(hissDb(first(none), 0.3, 1.3) - 3)
    expect(hissDb(first(much), 0.3, 1.3)).toBeLessThan(hissDb(first(some), 0.3, 1.3) - 3)
  })
})

describe('fitting to a length', () => {
  // A long tone tells the pitch; short ones at known times tell where everything has gone.
  const marks = (): Signal => joined(sine({ hz: 1_000, dbfs: -12, seconds: 4 }), ...Array.from({ length: 6 }, () => joined(silence(0.9), sine({ hz: 440, dbfs: -12, seconds: 0.1 }))), silence(0.5))
  let marked: Item
  beforeAll(async () => {
    marked = await room.item('nhịp', marks())
  })
  it.each([0.9, 0.95, 1.05, 1.08])('by %d gives exactly the samples asked for, the same pitch and everything at its time', async (factor) => {
    const length = Math.round(marked.lengthSamples * factor)
    const { parts: [part] } = await room.report(callRoom(room.sound, 'sound.treat', { title: 'Co giãn', parts: [partOf(marked)], treatment: { kind: 'stretch', length } }), 'treated')
    expect(part).toMatchObject({ offset: 0, length, audible: Math.abs(factor - 1) > 0.05001 })
    const out = first(await room.pcm(part?.itemId ?? ''))
    expect(out.length).toBe(length)
    // A fifth of a semitone at most; without keeping the pitch it would be one or two whole ones.
    const heard = Array.from({ length: 201 }, (_, n) => 900 + n).reduce((best, hz) => (toneLevelDb(out, hz, 0.5, 2.5) > toneLevelDb(out, best, 0.5, 2.5) ? hz : best))
    expect(Math.abs(1_200 * Math.log2(heard / 1_000))).toBeLessThan(20)
    for (let n = 0; n < 6; n++) {
      const at = (4.9 + n) * factor
      expect(rmsDb(out, at + 0.01, at + 0.08)).toBeGreaterThan(-18)
      expect(rmsDb(out, at - 0.4, at - 0.05)).toBeLessThan(-50)
    }
  })
  it('refuses more than ten percent before any work', async () => {
    const job = await room.jobEnd((await callRoom(room.sound, 'sound.treat', { title: 'Co giãn', parts: [partOf(marked)], treatment: { kind: 'stretch', length: Math.round(marked.lengthSamples * 1.101) } })).jobId)
    expect(job).toMatchObject({ state: 'failed', error: { code: 'stretch-too-far', data: { percent: 10.1 } } })
  })
})

describe('shaping for horns', () => {
  it('leaves only what a horn can play, at the loudness of the station', async () => {
    const { parts: [part] } = await room.report(callRoom(room.sound, 'sound.treat', { title: 'Loa nén', parts: [partOf(dirty)], treatment: { kind: 'horn', compression: 60 } }), 'treated')
    const before = first(await room.pcm(dirty.id))
    const after = first(await room.pcm(part?.itemId ?? ''))
    expect(toneLevelDb(after, 50, 0.2, 1.4)).toBeLessThan(toneLevelDb(before, 50, 0.2, 1.4) - 40)
    expect(after.length).toBe(before.length)
    const loudness = room.bench.library.get(part?.itemId ?? '')?.loudness
    const { targetLufs, ceilingDbtp } = room.bench.ctx.settings.get()
    expect(Math.abs((loudness?.integratedLufs ?? 0) - targetLufs)).toBeLessThanOrEqual(0.15)
    expect(loudness?.truePeakDbtp ?? 0).toBeLessThanOrEqual(ceilingDbtp + 0.1)
    expect(part?.level).toMatchObject({ after: { integratedLufs: expect.any(Number) } })
  })
})

describe('a preview', () => {
  const preview = (range: { start: number; end: number }, amount = 80) => callRoom(room.sound, 'sound.preview', { itemId: dirty.id, range: { start: samples(range.start), end: samples(range.end) }, treatment: { kind: 'cleanUp', amount } })
  const opened = (address: string) => room.bench.media.openPcm(join(room.bench.ctx.folders.temp, `preview-${address.replace('sound/', '')}`))
  it('has both sides equally loud, equally long and at the same time', async () => {
    const made = await preview({ start: 48_000, end: 48_000 * 6 })
    const [before, after] = await Promise.all([opened(made.before), opened(made.after)])
    expect([before.length, after.length, made.lengthSamples]).toEqual([240_000, 240_000, 240_000])
    const [one, two] = await Promise.all([before, after].map((pcm) => room.bench.media.measureLoudness(pcm.path, new AbortController().signal)))
    expect(Math.abs((one?.integratedLufs ?? 0) - (two?.integratedLufs ?? 1))).toBeLessThanOrEqual(0.1)
    expect(Math.abs(lag(first(await readSignal(before)), first(await readSignal(after))))).toBeLessThanOrEqual(IN_PLACE)
    expect(await callRoom(room.sound, 'sound.preview', { itemId: dirty.id, range: { start: samples(48_000), end: samples(144_000) }, treatment: { kind: 'hornEar', watts: 50 } })).toMatchObject({ lengthSamples: 96_000 })
  })
  it('is at most 20 s of what is there', async () => {
    expect(await refusal(preview({ start: 0, end: 960_001 }))).toBe('invalid-input')
    expect(await refusal(preview({ start: 10, end: 10 }))).toBe('invalid-input')
    expect(await refusal(preview({ start: dirty.lengthSamples - 10, end: dirty.lengthSamples + 10 }))).toBe('invalid-input')
  })
  it('gives way to the next one of the same window', async () => {
    const older = refusal(preview({ start: 0, end: 48_000 * 5 }, 60))
    expect(await refusal(preview({ start: 0, end: 48_000 * 5 }, 61))).toBe('fine')
    expect(await older).toBe('cancelled')
  })
})

describe('a treatment', () => {
  it('that is cancelled leaves no file and no item', async () => {
    const count = room.bench.library.list().length
    const { jobId } = await callRoom(room.sound, 'sound.treat', { title: 'Làm sạch', parts: [partOf(dirty)], treatment: { kind: 'cleanUp', amount: 33 } })
    room.bench.ctx.inside.jobs.cancel(jobId)
    expect((await room.jobEnd(jobId)).state).toBe('cancelled')
    expect(room.bench.library.list().length).toBe(count)
    expect(await tidy()).toEqual([])
  })
  it('asked for twice is the same item', async () => {
    const once = () => room.report(callRoom(room.sound, 'sound.treat', { title: 'Làm sạch', parts: [partOf(dirty)], treatment: { kind: 'cleanUp', amount: 70 } }), 'treated')
    expect((await once()).parts[0]?.itemId).toBe((await once()).parts[0]?.itemId)
  })
  it('of what is not there is refused', async () => {
    const none = { ...partOf(dirty), itemId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }
    expect(await refusal(callRoom(room.sound, 'sound.treat', { title: 'x', parts: [none], treatment: { kind: 'cleanUp', amount: 10 } }))).toBe('not-found')
    expect(await refusal(callRoom(room.sound, 'sound.treat', { title: 'x', parts: [partOf(dirty)], treatment: { kind: 'cleanUp', amount: 10 } }, callerWith('announcer')))).toBe('forbidden')
    expect(await refusal(callRoom(room.sound, 'sound.report', { jobId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }))).toBe('not-found')
  })
})
