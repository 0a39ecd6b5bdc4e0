import { describe, expect, test } from 'vitest'
import { plainClip } from '#common/edl/index.ts'
import type { Clip } from '#common/edl/index.ts'
import { halve, joinOf, PeaksIntake, RmsIntake } from '#common/peaks/index.ts'
import type { Peaks } from '#common/peaks/index.ts'
import { samples } from '#common/units/samples.ts'
import { Columns, columnsOfPeaks, columnsOfSamples, shapeColumns } from '../../../renderer/studio/features/editor/timeline/draw/columns.ts'
import { packColor, packed, Pixels } from '../../../renderer/studio/features/editor/timeline/draw/pixels.ts'
import { rulerMarks, rulerText } from '../../../renderer/studio/features/editor/timeline/draw/ruler.ts'
import { Windows } from '../../../renderer/studio/features/editor/timeline/wave/windows.ts'
import { randomSource } from '../../support/signals.ts'

function columns(count: number): Columns {
  const made = new Columns()
  made.reserve(count)
  return made
}

function peaksOf(length: number, channels: number, seed = 3): Peaks {
  const next = randomSource(seed)
  const data = Int16Array.from({ length: length * channels * 2 }, (_, n) => (n % 2 === 0 ? -1 : 1) * Math.floor(Math.abs(next()) * 30_000))
  return { rateHz: 48_000, samplesPerPoint: 256, length, channels, data, rms: Uint16Array.from({ length: length * channels }, () => Math.floor(Math.abs(next()) * 10_000)) }
}
const bytesOf = (data: Int16Array | Uint16Array): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

describe('peaks read as a stream', () => {
  test('in pieces of any size become the level that halving would give', () => {
    const base = peaksOf(10_001, 2)
    const join = joinOf(base.length, 1_500)
    let wanted = base
    for (let n = 1; n < join; n *= 2) wanted = halve(wanted)
    const intake = new PeaksIntake(base, 1_500)
    const rms = new RmsIntake(base, 1_500)
    const [all, body] = [bytesOf(base.data), bytesOf(base.rms ?? new Uint16Array(0))]
    for (let at = 0, size = 1; at < all.length; at += size, size = (size * 7 + 3) % 5_000) intake.push(all.subarray(at, at + size))
    for (let at = 0; at < body.length; at += 777) rms.push(body.subarray(at, at + 777))
    intake.end()
    rms.end()
    expect(join).toBe(8)
    expect(intake.level.samplesPerPoint).toBe(2_048)
    expect(intake.level.data).toEqual(wanted.data)
    expect(Math.max(...rms.plane.map((value, n) => Math.abs(value - (wanted.rms?.[n] ?? -9))))).toBeLessThanOrEqual(2)
  })
})

describe('columns', () => {
  test('of peaks never miss the loudest point, at any zoom and place', () => {
    const level = { ...peaksOf(4_000, 1), first: 0 }
    const into = columns(500)
    for (const step of [256, 300.7, 1_000, 2_048]) {
      const span = { at: 512, step, count: 500, from: 0, to: 4_000 * 256 }
      columnsOfPeaks(into, level, 0, span)
      const last = Math.min(4_000, Math.ceil((512 + 500 * step) / 256))
      let loudest = 0
      for (let n = 2; n < last; n++) loudest = Math.max(loudest, level.data[n * 2 + 1] ?? 0)
      expect(Math.max(...into.high.subarray(0, 500))).toBeCloseTo(loudest / 32_768, 5)
      expect(into.body[3]).toBeGreaterThan(0)
    }
  })
  test('of a piece that begins later are the same as of the whole', () => {
    const whole = { ...peaksOf(2_000, 2), first: 0 }
    const piece = { ...whole, first: 500, length: 1_000, data: whole.data.subarray(500 * 4, 1_500 * 4), ...(whole.rms === undefined ? {} : { rms: whole.rms.subarray(1_000, 3_000) }) }
    const span = { at: 600 * 256 + 17, step: 700, count: 200, from: 0, to: 512_000 }
    const [one, other] = [columns(200), columns(200)]
    columnsOfPeaks(one, whole, null, span)
    columnsOfPeaks(other, piece, null, span)
    expect(other.high.subarray(0, 200)).toEqual(one.high.subarray(0, 200))
    expect(other.body.subarray(0, 200)).toEqual(one.body.subarray(0, 200))
  })
  test('of single samples follow the straight line between them', () => {
    const into = columns(80)
    columnsOfSamples(into, { first: 0, channels: [Float32Array.of(0, 1, 0, -1)] }, 0, { at: 0, step: 1 / 8, count: 32, from: 0, to: 4 })
    // The middle of sample 1 is at 1.5 samples: column 12.
    expect(into.high[12]).toBeCloseTo(1, 1)
    expect(into.high[8]).toBeCloseTo(0.625, 2)
    expect(into.low[31]).toBeCloseTo(-1, 2)
  })
  test('are shaped by fades and envelope as these sound', () => {
    const clip: Clip = {
      ...plainClip, id: 'c', sourceId: 's', start: samples(0), offset: samples(100), length: samples(1_000), fadeIn: { length: samples(200), shape: 'linear' }, fadeOut: { length: samples(0), shape: 'linear' },
      envelope: [{ at: samples(500), gainDb: 0 }, { at: samples(1_000), gainDb: -20 }],
    }
    const into = columns(100)
    expect(shapeColumns(into, clip, { at: 100, step: 10, count: 100, from: 100, to: 1_100 })).toBe(true)
    expect([into.shape[0], into.shape[9], into.shape[40]].map((gain) => Math.round((gain ?? 0) * 1000) / 1000)).toEqual([0.025, 0.475, 1])
    expect(into.shape[75]).toBeCloseTo(0.541, 2)
    expect(shapeColumns(into, { ...clip, envelope: [], fadeIn: { ...clip.fadeIn, length: samples(0) } }, { at: 100, step: 10, count: 100, from: 100, to: 1_100 })).toBe(false)
  })
})

describe('pixels', () => {
  test('are written inside their rows only', () => {
    const pixels = new Pixels(10, 10, null)
    const red = packed(255, 0, 0)
    pixels.clipRows(2, 8)
    pixels.rect(-5, -5, 100, 100, red)
    expect([pixels.at(0, 1), pixels.at(0, 2), pixels.at(9, 7), pixels.at(9, 8)]).toEqual([0, red, red, 0])
    pixels.column(4, 5, 5, 7)
    pixels.column(99, 0, 10, 7)
    expect([pixels.at(4, 4), pixels.at(4, 5), pixels.at(4, 6)]).toEqual([red, 7, red])
  })
  test('colours of the style sheet are packed, half transparent ones over their ground', () => {
    expect(packColor('rgb(1, 2, 3)')).toBe(packed(1, 2, 3))
    expect(packColor('rgba(0, 0, 0, 0.5)', packed(255, 255, 255))).toBe(packed(128, 128, 128))
    expect(packColor('rgb(0 0 0 / 50%)')).toBe(packed(128, 128, 128))
  })
})

describe('the ruler', () => {
  test('shows the time from the beginning, or of the day, also over midnight', () => {
    expect([rulerText(61, 0, null), rulerText(1.25, 2, null), rulerText(30, 0, 5 * 3600), rulerText(120, 0, 86_400 - 60)]).toEqual(['1:01', '0:01,25', '05:00:30', '00:01:00'])
  })
  test('puts its marks at round times of the day', () => {
    const marks = rulerMarks({ start: 0, samplesPerPx: 4_800, width: 1_000 }, 17 * 3600 + 7, 90)
    const texts = marks.map(({ seconds, decimals }) => rulerText(seconds, decimals, 17 * 3600 + 7))
    expect(texts.slice(0, 3)).toEqual(['17:00:00', '17:00:10', '17:00:20'])
  })
})

describe('pieces read ahead', () => {
  test('are asked for once, kept around what is seen, and the oldest forgotten', async () => {
    const asked: string[] = []
    let came = 0
    const windows = new Windows<string>({ read: (wanted) => {
      asked.push(`${wanted.from}-${wanted.to}`)
      return Promise.resolve(`${wanted.from}`)
    }, came: () => void (came += 1), most: 700 })
    expect(windows.find('a', 100, 200, 50, 1_000)).toBeNull()
    expect(windows.find('a', 110, 190, 50, 1_000)).toBeNull()
    await Promise.resolve()
    await Promise.resolve()
    expect(windows.find('a', 100, 200, 50, 1_000)?.value).toBe('50')
    expect(windows.find('b', 100, 200, 50, 1_000)).toBeNull()
    expect(asked).toEqual(['50-250', '50-250'])
    await Promise.resolve()
    await Promise.resolve()
    // Near its end the next piece is read before it is needed.
    expect(windows.find('a', 140, 240, 50, 1_000)?.value).toBe('50')
    expect(asked.at(-1)).toBe('90-290')
    expect(came).toBeGreaterThanOrEqual(2)
  })
})
