import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { settingsOf, quietNow, volumePctFor } from '../../../main/receiver/config.ts'
import { openClock } from '../../../main/receiver/clock.ts'
import { openWavSink } from '../../../main/receiver/output/wav.ts'
import { openTimeline } from '../../../main/receiver/player/timeline.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vangxa-out-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const stats = { blocksLate: 0, missingSamples: 0 }
const block = (value: number): Int16Array => new Int16Array(960).fill(value)

describe('what a radio writes of its sound', () => {
  test('the file is whole after every second, without being closed', () => {
    const file = join(folder, 'out.wav')
    const sink = openWavSink({ file, gaps: 'keep', maxSeconds: 60, wallUs: (sample) => 1_000_000 + sample / 0.048 })
    for (let i = 0; i < 60; i++) sink.write(i * 960, block(i), false, stats)
    const bytes = readFileSync(file)
    expect(bytes.readUInt32LE(40)).toBe(50 * 960 * 2)
    expect(bytes.length).toBe(44 + 50 * 960 * 2)
    const side: { startedAtUs: number; samples: number } = JSON.parse(readFileSync(`${file}.json`, 'utf8'))
    expect(side).toMatchObject({ startedAtUs: 1_000_000, samples: 50 * 960 })
  })

  test('left-out silence keeps the time of every later sample', () => {
    const file = join(folder, 'out.wav')
    const sink = openWavSink({ file, gaps: 'skip', maxSeconds: 600, wallUs: (sample) => sample / 0.048 })
    let at = 0
    const put = (blocks: number, value: number): void => {
      for (let i = 0; i < blocks; i++, at += 960) sink.write(at, block(value), value === 0, stats)
    }
    put(50, 7)
    put(500, 0)
    put(50, 9)
    sink.close(stats)
    const side: { segments: { fromSample: number; atUs: number; samples: number }[] } = JSON.parse(readFileSync(`${file}.json`, 'utf8'))
    expect(side.segments.map((one) => [one.fromSample, one.atUs, one.samples])).toEqual([[0, 0, 150 * 960], [150 * 960, 11_000_000, 50 * 960]])
    const pcm = readFileSync(file).subarray(44)
    expect(pcm.readInt16LE(150 * 960 * 2)).toBe(9)
  })

  test('a second run keeps what the first one wrote', () => {
    const file = join(folder, 'out.wav')
    const first = openWavSink({ file, gaps: 'keep', maxSeconds: 60, wallUs: () => 0 })
    first.write(0, block(5), false, stats)
    first.close(stats)
    const second = openWavSink({ file, gaps: 'keep', maxSeconds: 60, wallUs: () => 0 })
    second.write(0, block(6), false, stats)
    second.close(stats)
    expect(readFileSync(join(folder, 'out.before.wav')).readInt16LE(44)).toBe(5)
    expect(readFileSync(file).readInt16LE(44)).toBe(6)
  })
})

describe('time of the output', () => {
  test('an instant and its sample belong together to half a sample', () => {
    const clock = openClock({ source: 'system' })
    const timeline = openTimeline(clock, clock.monotonicMs())
    const before = Date.now()
    const now = clock.now()
    const after = Date.now()
    expect(Math.abs(timeline.wallAt(timeline.sampleAt(now)) - now)).toBeLessThan(0.011)
    // However long the machine held this program in between.
    expect(now).toBeGreaterThan(before - 3)
    expect(now).toBeLessThan(after + 3)
  })
})

describe('volume and quiet hours', () => {
  const settings = settingsOf({ volumePct: 50, minPct: 60, emgPct: 95, volumeByHour: [{ from: '05:00', to: '06:00', pct: 30 }], quiet: [{ from: '21:00', to: '05:00', maxPrio: 5 }, { from: '12:00', to: '13:00', days: [7], maxPrio: 3 }] })
  const local = (hour: number, weekday = 1) => ({ minuteOfDay: hour * 60 + 30, weekday })

  test('the ladder decides: emergencies are forced, relays at least the minimum, programmes by the hour', () => {
    expect(volumePctFor(settings, 9, undefined, local(5), null)).toBe(95)
    expect(volumePctFor(settings, 9, { mode: 'device' }, local(5), 10)).toBe(95)
    expect(volumePctFor(settings, 7, undefined, local(5), null)).toBe(60)
    expect(volumePctFor(settings, 5, undefined, local(5), null)).toBe(50)
    expect(volumePctFor(settings, 3, undefined, local(5), null)).toBe(30)
    expect(volumePctFor(settings, 3, undefined, local(8), null)).toBe(50)
    expect(volumePctFor(settings, 5, { mode: 'force', pct: 80 }, local(8), null)).toBe(80)
    expect(volumePctFor(settings, 5, undefined, local(8), 20)).toBe(20)
  })

  test('quiet hours past midnight belong to the evening they began', () => {
    expect(quietNow(settings, local(22))).toBe(5)
    expect(quietNow(settings, local(4))).toBe(5)
    expect(quietNow(settings, local(8))).toBeNull()
    expect(quietNow(settings, local(12, 7))).toBe(3)
    expect(quietNow(settings, local(12, 6))).toBeNull()
  })
})
