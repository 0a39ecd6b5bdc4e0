import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { samples } from '#common/units/samples.ts'
import { wallSamples } from '#common/playout/index.ts'
import { openHost } from '../../../main/station/air/host.ts'
import type { AirHost } from '../../../main/station/air/host.ts'
import type { FallbackEvent } from '../../../main/station/air/fallback/events.ts'
import type { AsRunEntry } from '../../../main/station/air/messages.ts'
import type { PassedSound } from '../../../main/station/faces.ts'
import { openTestContext } from '../../support/context.ts'
import type { TestContext } from '../../support/context.ts'
import { counterWav } from '../../support/signals.ts'
import { recordTap } from '../../support/tap-recorder.ts'
import { deferred, within } from '../../support/waiting.ts'

const SECOND = 48_000
const HEADER_BYTES = 44
const DATE = '2026-11-21'

let ctx: TestContext
let host: AirHost
let entries: AsRunEntry[]
let events: FallbackEvent[]
let told: () => void

beforeEach(async () => {
  ctx = await openTestContext()
  entries = []
  events = []
  told = () => undefined
  const nothing = (): void => undefined
  host = openHost(ctx, {
    heard: nothing, changed: nothing, liveEnded: nothing, lost: nothing, stretchWanted: nothing,
    asRun: (entry) => void entries.push(entry),
    fallback(_bus, event) {
      events.push(event)
      told()
    },
  })
})
afterEach(() => ctx[Symbol.asyncDispose]())

const up = (): Promise<void> => {
  const done = deferred()
  told = () => {
    if (events.some(({ kind }) => kind === 'up')) done.resolve(undefined)
  }
  told()
  return within(done.promise, 30_000, 'the backup to come up')
}
/** A counter that begins at `first` (about −20 dBFS at 840 000), or silence. */
function sound(name: string, length: number, first: number | null): PassedSound {
  const path = join(ctx.folders.root, `${name}.wav`)
  const bytes = counterWav(length, 2, first ?? 1)
  if (first === null) bytes.fill(0, HEADER_BYTES)
  writeFileSync(path, bytes)
  return { itemId: ctx.newId(), title: name, sha256: name.length.toString(16).padStart(64, '0'), pcm: { path, format: 'int24', channels: 2, dataOffsetBytes: HEADER_BYTES, length: samples(length) }, gainDb: 0, markers: null, content: 'programme' }
}
function play(main: PassedSound, backup: PassedSound, at: number): void {
  const wall = wallSamples(at)
  const base = { lateMaxMs: null, after: 'join' as const, plannedStart: null, protected: false, droppable: false, fillPriority: 0, dropped: false, skip: false, state: 'ok' as const, priority: 3, content: 'programme' as const, newsBlockId: null, stretchable: false, endless: false, endAt: null, markers: null, hitPost: false }
  host.use({
    fill: [], days: [{ logId: DATE, broadcastDate: DATE, startsAt: wall - 3600 * SECOND, endsAt: wall + 86_400 * SECOND }],
    slots: [{ bus: 'main', title: 'Buổi', backups: [backup], slot: { id: 's', broadcastDate: DATE, startAt: wall, endAt: wall + 600 * SECOND, onOverrun: 'cut', maxOverrunMs: 0, onUnderrun: 'fill', fillGroup: null, ruleEndAt: null, closing: null } }],
    lines: [{
      bus: 'main', title: main.title, itemId: main.itemId, relaySourceId: null, backups: [], targetUnitIds: [], sound: main,
      line: { ...base, id: ctx.newId(), itemId: main.itemId, logId: DATE, rev: 1, broadcastDate: DATE, slotId: 's', kind: 'audio', timing: { kind: 'hard', at: wall, onReach: { kind: 'cut' } }, transition: 'play', lengthSamples: main.pcm.length },
    }],
  })
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('the backup on the real thread, heard by another process', () => {
  it('a source that breaks off with nothing behind it is replaced within 0.3 s', async () => {
    const main = sound('nguồn', 60 * SECOND, 840_000)
    const backup = sound('dự phòng', 30 * SECOND, 4_000_000)
    await using recorder = await recordTap(host.tapPathOf('main'))
    const at = Math.ceil((ctx.clock.now() + 1500) / 1000) * 1000
    play(main, backup, at)
    await pause(at - ctx.clock.now() + 1000)
    truncateSync(main.pcm.path, HEADER_BYTES + 8 * SECOND * 6)
    await up()
    await pause(600)
    const tap = await recorder.stop()
    const onset = tap.onset()
    const broken = onset + 8 * SECOND
    const back = tap.left.findIndex((value, index) => index > broken && value !== 0)
    expect((back - broken) / SECOND).toBeLessThan(0.3)
    expect(tap.left.at(-1)).toBeGreaterThan(0.4)
    expect(events).toMatchObject([{ kind: 'up', up: { rung: 'slotBackup', cause: 'sourceLost' } }])
    expect(entries.flatMap((entry) => (entry.entry === 'started' ? [[entry.row.title, entry.row.startSource, entry.row.playSource]] : []))).toEqual([['nguồn', 'time', 'log'], ['dự phòng', 'fallback', 'backup']])
  }, 60_000)

  it('ten seconds of silence bring the backup, to within 0.1 s', async () => {
    const main = sound('im', 60 * SECOND, null)
    const backup = sound('dự phòng', 30 * SECOND, 4_000_000)
    await using recorder = await recordTap(host.tapPathOf('main'))
    const at = Math.ceil((ctx.clock.now() + 1500) / 1000) * 1000
    play(main, backup, at)
    await up()
    await pause(600)
    const tap = await recorder.stop()
    const late = (tap.stationTimeOf(tap.onset()) - at) / 1000 - 10
    expect(late).toBeGreaterThan(-0.02)
    expect(late).toBeLessThan(0.1)
    // The output is told silent, the backup comes for that; that it sounds again may be told before the listener has stopped.
    expect(events.map((event) => ('up' in event ? event.up.cause : event.kind)).slice(0, 2)).toEqual(['silence', 'silence'])
    expect(events.slice(2).map(({ kind }) => kind).filter((kind) => kind !== 'sound')).toEqual([])
  }, 60_000)
})
