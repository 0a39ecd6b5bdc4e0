import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { samples } from '#common/units/samples.ts'
import { wallSamples } from '#common/playout/index.ts'
import type { Markers } from '#common/playout/index.ts'
import { openHost } from '../../../main/station/air/host.ts'
import type { AirHost } from '../../../main/station/air/host.ts'
import type { AsRunEntry } from '../../../main/station/air/messages.ts'
import type { CompiledLine } from '../../../main/station/faces.ts'
import type { AirProgramme } from '../../../main/station/air/programme.ts'
import { openTestContext } from '../../support/context.ts'
import type { TestContext } from '../../support/context.ts'
import { counterValues } from '../../support/counter-tracks.ts'
import { counterWav } from '../../support/signals.ts'
import { recordTap } from '../../support/tap-recorder.ts'
import { deferred, within } from '../../support/waiting.ts'

/** Items last 100 to 160 ms: two hundred hand-overs in half a minute. */
const ITEMS = 201
const HEADER_BYTES = 44

let ctx: TestContext
let host: AirHost
let entries: AsRunEntry[]
let told: () => void

beforeEach(async () => {
  ctx = await openTestContext()
  entries = []
  told = () => undefined
})
afterEach(() => ctx[Symbol.asyncDispose]())

function openAirThread(): void {
  const nothing = (): void => undefined
  host = openHost(ctx, {
    heard: nothing, changed: nothing, liveEnded: nothing, lost: nothing, stretchWanted: nothing, fallback: nothing,
    asRun(entry) {
      entries.push(entry)
      told()
    },
  })
}
const ended = (count: number): Promise<void> => {
  const done = deferred()
  told = () => {
    if (entries.filter(({ entry }) => entry === 'ended').length >= count) done.resolve(undefined)
  }
  told()
  return within(done.promise, 120_000, `${count} ends`)
}
/** A stereo file that counts from `first` in both channels. */
function sound(n: number, length: number, first: number) {
  const path = join(ctx.folders.root, `sound-${n}.wav`)
  writeFileSync(path, counterWav(length, 2, first))
  return { path, format: 'int24' as const, channels: 2, dataOffsetBytes: HEADER_BYTES, length: samples(length) }
}
function line(n: number, length: number, first: number, more: { at?: number; transition?: 'play' | 'segue'; markers?: Markers } = {}): CompiledLine {
  const id = ctx.newId()
  const itemId = ctx.newId()
  const date = '2026-11-21'
  return {
    bus: 'main', title: `${n}`, itemId, relaySourceId: null, backups: [], targetUnitIds: [], sound: { itemId, title: `${n}`, sha256: n.toString(16).padStart(64, '0'), pcm: sound(n, length, first), gainDb: 0, markers: more.markers ?? null, content: 'programme' },
    line: {
      id, itemId, logId: date, rev: 1, broadcastDate: date, slotId: null, kind: 'audio', timing: more.at === undefined ? { kind: 'follow' } : { kind: 'hard', at: wallSamples(more.at), onReach: { kind: 'cut' } }, transition: more.transition ?? 'play', lateMaxMs: null, after: 'join',
      plannedStart: null, protected: false, droppable: false, fillPriority: 0, dropped: false, skip: false, state: 'ok', priority: 3, content: 'programme', newsBlockId: null, stretchable: false, lengthSamples: length, endless: false, endAt: null,
      markers: more.markers ?? null, hitPost: false,
    },
  }
}
const programmeOf = (lines: readonly CompiledLine[]): AirProgramme => ({ lines, slots: [], fill: [], days: [{ logId: '2026-11-21', broadcastDate: '2026-11-21', startsAt: wallSamples(ctx.clock.now() - 3_600_000), endsAt: wallSamples(ctx.clock.now() + 86_400_000) }] })

describe('two hundred hand-overs on the real thread, read by another process', () => {
  it('at butt joins no sample is missing and none is heard twice', async () => {
    openAirThread()
    await using recorder = await recordTap(host.tapPathOf('main'))
    const lengths = Array.from({ length: ITEMS }, (_, n) => 4800 + ((n * 977) % 2880))
    let first = 1
    const lines = lengths.map((length, n) => {
      const made = line(n, length, first, n === 0 ? { at: Math.ceil((ctx.clock.now() + 6_000) / 1000) * 1000 } : {})
      first += length
      return made
    })
    host.use(programmeOf(lines))
    await ended(ITEMS)
    const tap = await recorder.stop()
    expect(tap.missing).toBe(0)
    const onset = tap.onset()
    const whole = lengths.reduce((sum, length) => sum + length, 0)
    // One counter runs through all items: it is whole if and only if every hand-over is.
    expect(counterValues(tap.left.subarray(onset, onset + whole))).toEqual(Int32Array.from({ length: whole }, (_, n) => n + 1))
    expect(tap.left.subarray(onset + whole).every((value) => value === 0)).toBe(true)
    const started = entries.flatMap((entry) => (entry.entry === 'started' ? [entry.row] : []))
    expect(started.map(({ title }) => title)).toEqual(lines.map(({ title }) => title))
    expect(started.slice(1).every(({ startSource, wall }, n) => startSource === 'play' && wall - (started[n]?.wall ?? 0) === lengths[n])).toBe(true)
  }, 180_000)
})
