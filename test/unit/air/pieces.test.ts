import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { encodeFrame, frameFormats, frameKinds } from '#contract/frames.ts'
import type { FillItem } from '#common/playout/index.ts'
import { samples } from '#common/units/samples.ts'
import { JournalWriter, LatestFile } from '../../../main/station/air/durable.ts'
import { parseJournal } from '../../../main/station/air/journal.ts'
import { LiveInput } from '../../../main/station/air/live-input.ts'
import { Meters } from '../../../main/station/air/meters.ts'
import { monotonicMs, wakeAt } from '../../../main/station/air/pace.ts'
import { openPcmSource } from '../../../main/station/air/pcm-source.ts'
import { readPlan, writePlan } from '../../../main/station/air/plan-file.ts'
import { TapStream } from '../../../main/station/air/tap-stream.ts'
import type { PassedSound } from '../../../main/station/faces.ts'
import type { AirProgramme } from '../../../main/station/air/programme.ts'
import { counterWav } from '../../support/signals.ts'

const folder = mkdtempSync(join(tmpdir(), 'vangxa-air-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const quiet = (): void => undefined
const until = async (is: () => boolean): Promise<void> => {
  const limit = Date.now() + 10_000
  while (!is()) {
    if (Date.now() > limit) throw new Error('it never happened')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('the plan file', () => {
  const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
  const setup = { buses: [{ id: 'main', unitIds: [] }, { id: 'xa-b', unitIds: [id] }], resume: 'lastPosition' as const }
  const sound: PassedSound = { itemId: id, title: 'Bản tin\n“sáng”', sha256: 'a'.repeat(64), pcm: { path: join(folder, 'mezzanine/x.wav'), format: 'int24', channels: 2, dataOffsetBytes: 44, length: samples(48_000) }, gainDb: -3.5, markers: null, content: 'news' }
  const item: FillItem = { id, fillGroup: 'nhac', lengthSamples: 48_000, markers: null, content: 'music', fadesAnywhere: true }
  const programme: AirProgramme = {
    lines: [{
      bus: 'main', title: sound.title, itemId: id, relaySourceId: null, backups: [sound], targetUnitIds: [id], sound,
      line: {
        id, itemId: id, logId: '2026-11-21', rev: 3, broadcastDate: '2026-11-21', slotId: null, kind: 'audio', timing: { kind: 'soft', at: 48 * 5, earlyMs: 100, lateMs: 200, prefer: 'closest', onReach: { kind: 'waitUpTo', graceMs: 5_000 } }, transition: 'segue', lateMaxMs: 1_000,
        after: 'resume', plannedStart: 241, protected: true, droppable: false, fillPriority: 4, dropped: false, skip: false, state: 'ok', priority: 3, content: 'news', newsBlockId: null, stretchable: true, lengthSamples: 48_000, endless: false, endAt: null,
        markers: { cueIn: 1, fadeInEnd: null, introStart: null, introEnd: null, segueStart: 40_000, segueEnd: 44_000, fadeOutStart: null, cueOut: 45_000 }, hitPost: false,
      },
    }],
    slots: [{ bus: 'main', title: 'Buổi sáng', backups: [sound], slot: { id: 'slot', broadcastDate: '2026-11-21', startAt: 0, endAt: 100, onOverrun: 'finish', maxOverrunMs: 10, onUnderrun: 'fill', fillGroup: 'nhac', ruleEndAt: null, closing: item } }],
    days: [{ logId: '2026-11-21', broadcastDate: '2026-11-21', startsAt: 0, endsAt: 1000 }], fill: [{ item, sound }],
  }

  it('comes back as it was written, from another place of the data folder too', () => {
    const file = join(folder, 'plan.json')
    writePlan(folder, file, setup, programme)
    expect(readPlan(folder, file)).toEqual({ setup, programme })
    expect(readFileSync(file, 'utf8')).not.toContain(folder)
    const moved = readPlan('/elsewhere', file)
    expect(moved !== null && moved !== 'damaged' && moved.programme.lines[0]?.sound?.pcm.path).toBe('/elsewhere/mezzanine/x.wav')
  })

  it('one of an older station is waited for, not called damaged', () => {
    const file = join(folder, 'old.json')
    writeFileSync(file, JSON.stringify({ version: 1, compiledAt: 0, fromAt: 0, untilAt: 0, plays: [] }))
    expect(readPlan(folder, file)).toBeNull()
  })

  it.each(['', '{', '[]', '{"version":3}', JSON.stringify({ version: 2, lines: [{ line: 'x' }] })])('a damaged one is named, never half used (%j)', (text) => {
    const file = join(folder, 'bad.json')
    writeFileSync(file, text)
    expect(readPlan(folder, file)).toBe('damaged')
  })

  it('none is not an error', () => {
    expect(readPlan(folder, join(folder, 'no.json'))).toBeNull()
  })
})

describe('the as-run journal', () => {
  it('keeps what was appended, in order, and leaves out a torn last line', async () => {
    const path = join(folder, 'journal.jsonl')
    const journal = new JournalWriter(path, quiet)
    const row = (n: number) => ({ entry: 'ended' as const, row: { id: `row${n}`, endedAt: n, wall: n * 48, playedSamples: n, stopReason: 'natural' as const, editCode: 'none' as const, operator: null, integratedLufs: -16.5, silenceMs: 20, consumedSamples: null } })
    for (let n = 0; n < 50; n++) journal.append(row(n))
    await journal.flushed()
    journal.append(row(50))
    await journal.close()
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"entry":"ended","row":{"id":"to`)
    const { entries, damaged } = parseJournal(readFileSync(path, 'utf8'))
    expect(entries).toEqual(Array.from({ length: 51 }, (_, n) => row(n)))
    expect(damaged).toBe(1)
  })

  it('a folder that is gone is reported and does not stop the air', async () => {
    const troubles: string[] = []
    const journal = new JournalWriter(join(folder, 'none/journal.jsonl'), (message) => void troubles.push(message))
    journal.append({})
    await journal.flushed()
    expect(troubles).toHaveLength(1)
    const latest = new LatestFile(join(folder, 'none/position.json'), (message) => void troubles.push(message))
    latest.set({})
    await until(() => troubles.length === 2)
  })

  it.skipIf(!existsSync('/dev/full'))('what a full disk refused is written when there is room again', async () => {
    const path = join(folder, 'refused.jsonl')
    const troubles: string[] = []
    symlinkSync('/dev/full', path)
    const journal = new JournalWriter(path, (message) => void troubles.push(message))
    journal.append({ row: 1 })
    await journal.flushed()
    expect(troubles).toHaveLength(1)
    rmSync(path)
    journal.append({ row: 2 })
    await journal.close()
    expect(readFileSync(path, 'utf8').split('\n').filter((line) => line !== '')).toEqual(['{"row":1}', '{"row":2}'])
  })

  it('the latest value is the one on disk', async () => {
    const path = join(folder, 'position.json')
    const latest = new LatestFile(path, quiet)
    for (let n = 0; n <= 100; n++) latest.set({ n })
    await expect.poll(() => existsSync(path) && readFileSync(path, 'utf8')).toBe('{"n":100}')
  })
})

describe('a read-ahead source', () => {
  const LENGTH = 700_001
  const path = join(folder, 'counter.wav')
  writeFileSync(path, counterWav(LENGTH, 2, 1))
  const pcm = { path, format: 'int24', channels: 2, dataOffsetBytes: 44, length: samples(LENGTH) } as const

  it.each([0, 1, 300_000, LENGTH - 10])('gives every sample from %d to the end', async (from) => {
    const source = openPcmSource(pcm, from)
    const into = [new Float32Array(480), new Float32Array(480)]
    await until(() => source.ready)
    for (let at = from; at < LENGTH; at += 480) {
      const frames = Math.min(480, LENGTH - at)
      if (source.readableUntil < at + frames) await until(() => source.readableUntil >= at + frames)
      expect(source.read(at, frames, into)).toBe(0)
      for (const i of [0, frames - 1]) expect(into[1]?.[i]).toBe((at + i + 1) / 0x800000)
    }
    source.close()
  })

  it('goes on from a place it had not read', async () => {
    const source = openPcmSource(pcm, 0)
    const into = [new Float32Array(480), new Float32Array(480)]
    await until(() => source.ready)
    expect(source.read(600_000, 480, into)).toBe(480)
    await until(() => source.readableUntil >= 601_000)
    expect(source.read(600_000, 480, into)).toBe(0)
    expect(into[0]?.[0]).toBe(600_001 / 0x800000)
    source.close()
  })

  it('stops at a file of somebody else that was written to, and keeps what it read before', async () => {
    const mine = join(folder, 'in-place.wav')
    writeFileSync(mine, counterWav(LENGTH, 2, 1))
    const { size, mtimeMs } = statSync(mine)
    const source = openPcmSource({ ...pcm, path: mine, stamp: { sizeBytes: size, modifiedMs: mtimeMs } }, 0)
    await until(() => source.ready)
    const into = [new Float32Array(480), new Float32Array(480)]
    const known = source.readableUntil
    writeFileSync(mine, counterWav(LENGTH, 2, 77))
    for (let at = 0; source.failure === null && at < LENGTH; at += 480) {
      source.read(at, 480, into)
      if (at < known) expect(into[0]?.[0]).toBe((at + 1) / 0x800000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => source.failure !== null)
    expect(source.readableUntil).toBeLessThan(LENGTH)
    source.close()
    const late = openPcmSource({ ...pcm, path: mine, stamp: { sizeBytes: size, modifiedMs: mtimeMs } }, 0)
    await until(() => late.failure !== null)
    expect(late.readableUntil).toBe(0)
  })

  it('says that a file is gone or ends early, and keeps what it read', async () => {
    const gone = openPcmSource({ ...pcm, path: join(folder, 'gone.wav') }, 0)
    await until(() => gone.failure !== null)
    const short = openPcmSource({ ...pcm, length: samples(LENGTH + 5) }, 690_000)
    await until(() => short.failure !== null)
    expect(short.readableUntil).toBe(LENGTH)
    expect(short.read(LENGTH - 1, 1, [new Float32Array(1), new Float32Array(1)])).toBe(0)
  })
})

describe('live input', () => {
  it('gives every sample once, whatever the pieces and repeats', () => {
    fc.assert(fc.property(fc.array(fc.record({ frames: fc.integer({ min: 1, max: 960 }), repeat: fc.boolean() }), { minLength: 20, maxLength: 60 }), (pieces) => {
      const input = new LiveInput(1)
      const heard: number[] = []
      const [l, r] = [new Float32Array(480), new Float32Array(480)]
      let sent = 0
      for (const { frames, repeat } of pieces) {
        const pcm = Float32Array.from({ length: frames }, (_, n) => (sent + n + 1) / 65_536)
        input.write(pcm, sent)
        if (repeat) input.write(pcm, sent)
        sent += frames
        while (input.waiting >= 480) {
          input.read(480, l, r)
          heard.push(...l)
          expect(r).toEqual(l)
        }
      }
      expect(heard).toEqual(Array.from({ length: heard.length }, (_, n) => (n + 1) / 65_536))
    }))
  })

  it('drops the oldest when a fast sender piles up, so that the delay stays short', () => {
    const input = new LiveInput(2)
    for (let n = 0; n < 100; n++) input.write(new Float32Array(960), n * 480)
    expect(input.waiting).toBeLessThanOrEqual(28_800)
  })
})

describe('meters', () => {
  it('show peak, RMS and a held peak in dBFS', () => {
    const meters = new Meters(2)
    const left = Float32Array.from({ length: 2400 }, (_, n) => 0.5 * Math.sin((2 * Math.PI * 1000 * n) / 48_000))
    meters.add([left, new Float32Array(2400)], 2400)
    const [peak, rms, hold, silentPeak] = meters.take()
    expect(peak).toBeCloseTo(-6.02, 1)
    expect(rms).toBeCloseTo(-9.03, 1)
    expect(hold).toBe(peak)
    expect(silentPeak).toBe(-120)
    meters.add([new Float32Array(2400), new Float32Array(2400)], 2400)
    const after = meters.take()
    expect(after[0]).toBe(-120)
    expect(after[2]).toBe(hold)
  })
})

describe('the stream of the tap', () => {
  it('is read whatever the pieces it comes in', () => {
    const frame = (frames: number, firstFrame: number): Uint8Array => encodeFrame({ kind: frameKinds.monitor, format: frameFormats.float32, channels: 2, session: 1, seq: 1, frames, firstFrame, payload: new Uint8Array(new Float32Array(frames * 2).fill(firstFrame).buffer) })
    const bytes = Buffer.concat([frame(0, 1_700_000_000_000_000), frame(480, 0), frame(123, 480), frame(0, 1_700_000_000_000_500), frame(480, 603)])
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1 }), (cuts) => {
      const seen: [number, number][] = []
      const stream = new TapStream({ mapping: (zeroAtUs) => void seen.push([-1, zeroAtUs]), sound: (pcm, firstFrame) => void seen.push([firstFrame, pcm.length]) })
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const end = Math.min(bytes.length, at + (cuts[n % cuts.length] ?? 1))
        stream.push(bytes.subarray(at, end))
        at = end
      }
      expect(seen).toEqual([[-1, 1_700_000_000_000_000], [0, 960], [480, 246], [-1, 1_700_000_000_000_500], [603, 960]])
    }))
  })

  it('refuses bytes that are not a tap', () => {
    expect(() => new TapStream({ mapping: quiet, sound: quiet }).push(new Uint8Array(64))).toThrow('not a program tap')
  })
})

describe('the pace', () => {
  it('never wakes early', async () => {
    for (let n = 0; n < 30; n++) {
      const due = monotonicMs() + n * 0.7
      const woke = await new Promise<number>((resolve) => wakeAt(due, () => resolve(monotonicMs())))
      expect(woke).toBeGreaterThanOrEqual(due)
    }
  })
})
