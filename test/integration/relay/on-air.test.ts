import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { samples } from '#common/units/samples.ts'
import { wallSamples } from '#common/playout/index.ts'
import { openHost } from '../../../main/station/air/host.ts'
import type { AirHost } from '../../../main/station/air/host.ts'
import type { FallbackEvent } from '../../../main/station/air/fallback/events.ts'
import type { AsRunEntry } from '../../../main/station/air/messages.ts'
import type { PassedSound, RelayOnAir } from '../../../main/station/faces.ts'
import { openMedia } from '../../../main/station/media/index.ts'
import { openFeed } from '../../../main/station/relay/feed.ts'
import { openTestContext } from '../../support/context.ts'
import type { TestContext } from '../../support/context.ts'
import { heardRuns } from '../../support/relay/pitch.ts'
import { SOURCE_HZ, startRelaySource } from '../../support/relay/source.ts'
import type { RelaySourceProcess } from '../../support/relay/source.ts'
import { sine, writeWav } from '../../support/signals.ts'
import { recordTap } from '../../support/tap-recorder.ts'
import type { TapRecording } from '../../support/tap-recorder.ts'
import { until } from '../../support/until.ts'

const SECOND = 48_000
const DATE = '2026-11-21'
const BACKUP_HZ = 1_000
const EDITION_HZ = 700
/** A decoder that starts while everything else does, too. */
const CONNECTED_WITHIN_MS = 15_000
const pitch = { silence: 0, relay: SOURCE_HZ, backup: BACKUP_HZ, edition: EDITION_HZ }

let ctx: TestContext
let host: AirHost
let source: RelaySourceProcess
let entries: AsRunEntry[]
let events: FallbackEvent[]

beforeEach(async () => {
  ctx = await openTestContext()
  entries = []
  events = []
  const media = openMedia(ctx)
  const nothing = (): void => undefined
  host = openHost(ctx, { heard: nothing, changed: nothing, liveEnded: nothing, lost: nothing, stretchWanted: nothing, asRun: (entry) => void entries.push(entry), fallback: (_bus, event) => void events.push(event) })
  host.relayWith((relay, startAt, listener) => openFeed(relay, startAt, { clock: ctx.clock, decoder: (options) => media.liveDecoder(options), offsetMin: () => 420, root: ctx.folders.root }, listener))
  source = await startRelaySource(ctx.folders.temp)
})
afterEach(async () => {
  await source[Symbol.asyncDispose]()
  await ctx[Symbol.asyncDispose]()
})

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const untilAt = (at: number): Promise<void> => pause(Math.max(0, at - ctx.clock.now()))
async function backup(hz = BACKUP_HZ, name = 'dự phòng'): Promise<PassedSound> {
  const path = await writeWav(join(ctx.folders.root, `${name}.wav`), sine({ hz, dbfs: -12, seconds: 40, channels: 2 }), { format: 'int24' })
  return { itemId: ctx.newId(), title: name, sha256: 'b'.repeat(64), pcm: { path, format: 'int24', channels: 2, dataOffsetBytes: 44, length: samples(40 * SECOND) }, gainDb: 0, markers: null, content: 'programme' }
}
/** One relay from `at` for `seconds`, with its own backup and one of the slot. */
function relayFor(at: number, seconds: number, own: readonly PassedSound[], addresses: RelayOnAir['addresses'] = [{ kind: 'stream', url: source.url }]): string {
  const wall = wallSamples(at)
  const id = ctx.newId()
  const relay: RelayOnAir = { sourceId: ctx.newId(), title: 'Đài tỉnh', addresses, preConnectMs: 30_000, bufferMs: 500, holdOffMs: 1_500, silenceDbfs: -40, silenceMs: 2_000, returnMs: 1_500 }
  host.use({
    fill: [], days: [{ logId: DATE, broadcastDate: DATE, startsAt: wall - 3600 * SECOND, endsAt: wall + 86_400 * SECOND }],
    slots: [{ bus: 'main', title: 'Buổi', backups: [], slot: { id: 's', broadcastDate: DATE, startAt: wall, endAt: wall + 600 * SECOND, onOverrun: 'cut', maxOverrunMs: 0, onUnderrun: 'close', fillGroup: null, ruleEndAt: null, closing: null } }],
    lines: [{
      bus: 'main', title: relay.title, itemId: null, relaySourceId: relay.sourceId, relay, backups: own, targetUnitIds: [], sound: null,
      line: {
        id, itemId: null, logId: DATE, rev: 1, broadcastDate: DATE, slotId: 's', kind: 'relay', timing: { kind: 'hard', at: wall, onReach: { kind: 'cut' } }, transition: 'play', lateMaxMs: null, after: 'join', plannedStart: null, protected: false, droppable: false, fillPriority: 0, dropped: false,
        skip: false, state: 'ok', priority: 4, content: 'programme', newsBlockId: null, stretchable: false, lengthSamples: samples(seconds * SECOND), endless: true, endAt: wall + seconds * SECOND, markers: null, hitPost: false,
      },
    }],
  })
  return id
}
/** Until then, the relay being heard. */
async function soundly(at: number): Promise<void> {
  await until('the relay to be heard', () => stateOf() === 'ready', CONNECTED_WITHIN_MS)
  await untilAt(at)
}
const stateOf = (): string | null => host.buses[0]?.relays[0]?.state ?? null
const covered = (): boolean => host.buses[0]?.relays[0]?.covered ?? false
const wholeSecond = (leadMs: number): number => Math.ceil((ctx.clock.now() + leadMs) / 1000) * 1000
/** What was heard, in ms after `at`. */
function heardAfter(tap: TapRecording, at: number): { what: string; from: number; until: number }[] {
  const zero = tap.stationTimeOf(0)
  return heardRuns(tap.left, pitch).map(({ what, fromMs, untilMs }) => ({ what, from: fromMs + zero - at, until: untilMs + zero - at }))
}
const rowsOf = (): unknown[] => entries.flatMap((entry) => {
  if (entry.entry === 'ended') return []
  const ended = entries.find((other) => other.entry === 'ended' && other.row.id === entry.row.id)
  return [[entry.row.playSource, entry.row.startSource, ended?.entry === 'ended' ? ended.row.stopReason : null]]
})

describe('a relay on the real thread, from a station of its own, heard by another process', () => {
  it('is connected before its time, joined on its second, left on its second', async () => {
    await using recorder = await recordTap(host.tapPathOf('main'))
    const at = wholeSecond(CONNECTED_WITHIN_MS)
    relayFor(at, 6, [])
    await until('the relay to be heard before its line', () => stateOf() === 'ready' && ctx.clock.now() < at, CONNECTED_WITHIN_MS)
    await untilAt(at + 7_500)
    const tap = await recorder.stop()
    const onset = tap.onset()
    // The fade in begins with its first sample; what comes out of the decoder is nowhere exactly zero for long.
    expect(Math.abs(tap.stationTimeOf(onset) - at)).toBeLessThan(25)
    const heard = heardAfter(tap, at).filter(({ what }) => what !== 'silence')
    expect(heard.map(({ what }) => what)).toEqual(['relay'])
    expect(Math.abs((heard[0]?.until ?? 0) - 6_000)).toBeLessThan(250)
    expect(rowsOf()).toEqual([['relay', 'time', 'relayOut']])
    expect(events).toEqual([])
  }, 60_000)

  it('killed: its own backup plays after the hold-off, and the relay is back when it has been good', async () => {
    await using recorder = await recordTap(host.tapPathOf('main'))
    const at = wholeSecond(CONNECTED_WITHIN_MS)
    relayFor(at, 40, [await backup()])
    await soundly(at + 3_000)
    await source.kill()
    await until('the backup', () => covered())
    const coveredAt = ctx.clock.now() - at
    await source.start()
    await until('the relay again', () => !covered() && stateOf() === 'ready', 25_000)
    await pause(2_000)
    const tap = await recorder.stop()
    const heard = heardAfter(tap, at)
    expect(heard.map(({ what }) => what).filter((what) => what !== 'silence')).toEqual(['relay', 'backup', 'relay'])
    const [first, second, third] = heard.filter(({ what }) => what !== 'silence')
    // The buffer plays on for half a second, the hold-off is one and a half.
    expect((second?.from ?? 0) - 3_000).toBeGreaterThan(1_200)
    expect((second?.from ?? 0) - (first?.until ?? 0)).toBeLessThan(1_600)
    // A backup stays ten seconds at least, and goes out without a hole.
    expect((third?.from ?? 0) - coveredAt).toBeGreaterThan(8_000)
    expect(third?.from).toBeLessThanOrEqual((second?.until ?? 0) + 300)
    expect(rowsOf()).toEqual([['relay', 'time', 'sourceLost'], ['backup', 'fallback', 'natural'], ['relay', 'relayReturn', null]])
    expect(events.map((event) => ('up' in event ? [event.kind, event.up.rung, event.up.cause] : [event.kind]))).toEqual([['up', 'lineBackup', 'sourceLost'], ['down']])
  }, 90_000)

  it('frozen with the connection standing: the same, and it is called hung', async () => {
    const at = wholeSecond(CONNECTED_WITHIN_MS)
    const lineId = relayFor(at, 40, [await backup()])
    await soundly(at + 2_000)
    source.freeze()
    await until('the backup', () => covered())
    expect(ctx.clock.now() - at).toBeLessThan(2_000 + 3_000)
    expect(events[0]).toMatchObject({ kind: 'up', up: { rung: 'lineBackup', cause: 'sourceHung' } })
    source.thaw()
    await until('the relay again', () => !covered() && stateOf() === 'ready', 25_000)
    const { decisions } = await host.ask('why', (requestId) => ({ kind: 'why', requestId, lineId }))
    expect(decisions.map(({ reason }) => reason).filter((reason) => reason.startsWith('source'))).toEqual(['sourceLost', 'sourceBack'])
  }, 90_000)

  it('silent: without a backup of its own or of the slot the built-in reel plays', async () => {
    const at = wholeSecond(CONNECTED_WITHIN_MS)
    relayFor(at, 30, [])
    await soundly(at + 2_000)
    source.send('silence')
    await until('a backup', () => covered(), 15_000)
    expect(events.find(({ kind }) => kind === 'up')).toMatchObject({ up: { rung: 'reel', cause: 'silence' } })
    expect(rowsOf()[0]).toEqual(['relay', 'time', 'silenceFailover'])
  }, 60_000)

  it('a file by its date that is not there: the last edition plays from its first sample, and the line ends with it', async () => {
    const at = wholeSecond(CONNECTED_WITHIN_MS)
    const day = new Date(at + 7 * 3_600_000 - 86_400_000).toISOString().slice(0, 10)
    await writeWav(join(ctx.folders.root, `tin-${day}.wav`), sine({ hz: EDITION_HZ, dbfs: -12, seconds: 4, channels: 2 }))
    await source.kill()
    await using recorder = await recordTap(host.tapPathOf('main'))
    relayFor(at, 30, [], [{ kind: 'fileByDate', path: 'tin-{yyyy}-{MM}-{dd}.wav' }])
    await untilAt(at + 1_000)
    expect(host.buses[0]?.relays[0]).toMatchObject({ isEarlierEdition: true, onAir: true })
    await untilAt(at + 5_500)
    const tap = await recorder.stop()
    const [first] = heardAfter(tap, at).filter(({ what }) => what !== 'silence')
    expect(first?.what).toBe('edition')
    expect(Math.abs(first?.from ?? 999)).toBeLessThan(200)
    expect(Math.abs((first?.until ?? 0) - 4_000)).toBeLessThan(200)
    expect(rowsOf()[0]).toEqual(['relay', 'time', 'natural'])
  }, 60_000)
})
