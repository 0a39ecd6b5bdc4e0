import { setTimeout as pause } from 'node:timers/promises'
import { truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AirStatus, AsRunRow } from '#contract/air.ts'
import type { LogDay } from '#contract/log.ts'
import { openAir } from '../../../main/station/air/index.ts'
import type { AirRoom, LogRoom } from '../../../main/station/faces.ts'
import { openLog } from '../../../main/station/log/index.ts'
import { callRoom, openTestContext } from '../../support/context.ts'
import type { TestContext } from '../../support/context.ts'
import { countingRuns } from '../../support/counter-tracks.ts'
import { shelfOfSounds } from '../../support/shelf-of-sounds.ts'
import type { ShelfOfSounds } from '../../support/shelf-of-sounds.ts'
import { recordTap } from '../../support/tap-recorder.ts'
import { deferred, within } from '../../support/waiting.ts'

const SECOND = 48_000
const FADE = 7200
const DECLICK = 240

let ctx: TestContext
let library: ShelfOfSounds
let air: AirRoom
let log: LogRoom
let rows: AsRunRow[]

const openRooms = async (thread?: URL): Promise<void> => {
  air = openAir(ctx, thread === undefined ? {} : { thread })
  air.onAsRun((row) => void rows.push(row))
  log = await openLog(ctx, { library, air })
}
beforeEach(async () => {
  ctx = await openTestContext()
  library = shelfOfSounds(ctx)
  rows = []
})
afterEach(() => ctx[Symbol.asyncDispose]())

/** A whole second at least `leadMs` from now. */
const soon = (leadMs: number): number => Math.ceil((ctx.clock.now() + leadMs) / 1000) * 1000
const dateOf = (at: number): string => new Date(at + 7 * 3_600_000).toISOString().slice(0, 10)
const hard = async (itemId: string, at: number): Promise<LogDay> => callRoom(log, 'log.addLine', { broadcastDate: dateOf(at), itemId, timing: { kind: 'hard', at }, afterLineId: (await lastLine(at)) })
const follow = async (itemId: string, near: number): Promise<LogDay> => callRoom(log, 'log.addLine', { broadcastDate: dateOf(near), itemId, timing: { kind: 'follow' }, afterLineId: (await lastLine(near)) })
const lastLine = async (near: number): Promise<string | null> => (await callRoom(log, 'log.day', { broadcastDate: dateOf(near) })).lines.at(-1)?.id ?? null
const ended = async (title: string): Promise<AsRunRow> => {
  const found = () => rows.find((row) => row.title === title && row.endedAt !== null)
  const done = deferred<AsRunRow>()
  const look = () => {
    const row = found()
    if (row !== undefined) done.resolve(row)
  }
  const stop = air.onAsRun(look)
  look()
  return within(done.promise, 20_000, `the end of ${title}`).finally(stop)
}
const started = async (title: string): Promise<AsRunRow> => {
  const done = deferred<AsRunRow>()
  const look = () => {
    const row = rows.find((other) => other.title === title)
    if (row !== undefined) done.resolve(row)
  }
  const stop = air.onAsRun(look)
  look()
  return within(done.promise, 20_000, `the start of ${title}`).finally(stop)
}
const statusWhere = (is: (status: AirStatus) => boolean): Promise<AirStatus> => {
  const done = deferred<AirStatus>()
  const look = (status: AirStatus): void => {
    if (is(status)) done.resolve(status)
  }
  const stop = ctx.events.on('air.status', look)
  look(air.status())
  return within(done.promise, 10_000, 'the state of the air').finally(stop)
}

describe('the air', () => {
  it('starts a hard line at its instant by the clock of an independent reader, and followers join it without losing or repeating a sample', async () => {
    await openRooms()
    const [a, b, c] = [library.put('A', SECOND + 1, { first: 1 }), library.put('B', 12_345, { first: 1_000_000 }), library.put('C', 24_000, { first: 2_000_000 })]
    await using recorder = await recordTap(air.tapPath)
    const at = soon(1500)
    await hard(a.id, at)
    await follow(b.id, at)
    await follow(c.id, at)
    await ended('C')
    const tap = await recorder.stop()

    expect(tap.missing).toBe(0)
    const onset = tap.onset()
    expect(tap.stationTimeOf(onset)).toBeCloseTo(at, 1)
    const lateMs = tap.arrivalOf(onset) - at
    expect(lateMs).toBeGreaterThan(-5)
    expect(lateMs).toBeLessThan(100)
    expect(countingRuns(tap.left)).toEqual([{ at: onset, first: 1, length: SECOND + 1 }, { at: onset + SECOND + 1, first: 1_000_000, length: 12_345 }, { at: onset + SECOND + 12_346, first: 2_000_000, length: 24_000 }])
    expect(tap.right).toEqual(tap.left)

    const { rows: kept } = await callRoom(log, 'log.asRun', { broadcastDate: dateOf(at) })
    expect(kept.map((row) => [row.title, row.playedSamples, row.startSource, row.stopReason])).toEqual([['A', SECOND + 1, 'time', 'natural'], ['B', 12_345, 'play', 'natural'], ['C', 24_000, 'play', 'natural']])
    // What the station says of its own start agrees with what the reader saw.
    expect(Math.abs((kept[0]?.startErrorUs ?? 0) / 1000 - lateMs)).toBeLessThan(50)
    expect((await callRoom(log, 'log.day', { broadcastDate: dateOf(at) })).lines.map((line) => line.status)).toEqual(['finished', 'finished', 'finished'])
  })

  it('fades what a hard line cuts over 150 ms, ending at its first sample', async () => {
    await openRooms()
    const [a, b] = [library.put('A', 8 * SECOND, { first: 4_000_000 }), library.put('B', SECOND / 2, { first: 1 })]
    await using recorder = await recordTap(air.tapPath)
    const at = soon(1200)
    await hard(a.id, at)
    await hard(b.id, at + 2000)
    await ended('B')
    const tap = await recorder.stop()
    const [one, two] = countingRuns(tap.left).filter((run) => run.length > 1000)
    expect(one).toMatchObject({ first: 4_000_000, length: 2 * SECOND - FADE })
    expect(two).toMatchObject({ at: (one?.at ?? 0) + 2 * SECOND, first: 1, length: SECOND / 2 })
    const cut = (two?.at ?? 0) - 1
    expect(Math.abs(tap.left[cut] ?? 1)).toBeLessThan(0.001)
    expect(rows.find((row) => row.title === 'A' && row.endedAt !== null)).toMatchObject({ stopReason: 'cutByHardStart', playedSamples: 2 * SECOND })
  })

  it('an item withdrawn a moment before its start never sounds, and its follower takes its place', async () => {
    await openRooms()
    const [a, b] = [library.put('Rút', SECOND, { first: 1 }), library.put('Giữ', SECOND / 2, { first: 1_000_000 })]
    await using recorder = await recordTap(air.tapPath)
    const at = soon(1500)
    await hard(a.id, at)
    await follow(b.id, at)
    library.setState(a.id, 'withdrawn')
    await ended('Giữ')
    const tap = await recorder.stop()
    expect(countingRuns(tap.left).map((run) => [run.first, run.length])).toEqual([[1_000_000, SECOND / 2]])
    expect(tap.stationTimeOf(tap.onset())).toBeCloseTo(at, 1)
    expect(rows.filter((row) => row.title === 'Rút' && row.endedAt !== null)).toMatchObject([{ onAir: false, editCode: 'skippedInvalid', playedSamples: 0 }])
  })

  it('an item withdrawn while on air fades out at once', async () => {
    await openRooms()
    const item = library.put('Rút', 20 * SECOND, { first: 1 })
    await using recorder = await recordTap(air.tapPath)
    await hard(item.id, soon(1000))
    await started('Rút')
    library.setState(item.id, 'withdrawn')
    const row = await ended('Rút')
    // The row is written when the fade is decided; the independent reader hears its end a moment later.
    await pause(500)
    const tap = await recorder.stop()
    expect(row.stopReason).toBe('withdrawn')
    expect(row.playedSamples).toBeLessThan(5 * SECOND)
    expect(tap.left.at(-1)).toBe(0)
  })

  it('air.skip ends the line on air and goes on with the next', async () => {
    await openRooms()
    const [a, b] = [library.put('A', 20 * SECOND, { first: 1 }), library.put('B', SECOND / 2, { first: 4_000_000 })]
    await using recorder = await recordTap(air.tapPath)
    const at = soon(1200)
    const day = await hard(a.id, at)
    await follow(b.id, at)
    await started('A')
    const lineId = day.lines[0]?.id ?? ''
    await expect(callRoom(air, 'air.skip', { bus: 'main', lineId: ctx.newId() })).rejects.toMatchObject({ code: 'not-found' })
    await callRoom(air, 'air.skip', { bus: 'main', lineId })
    expect(await ended('A')).toMatchObject({ stopReason: 'operatorSkip' })
    await ended('B')
    const tap = await recorder.stop()
    expect(countingRuns(tap.left).filter((run) => run.length > 1000).at(-1)).toMatchObject({ first: 4_000_000, length: SECOND / 2 })
  })

  it('a file that is gone or too short before its turn is skipped with a row that says so', async () => {
    await openRooms()
    const [gone, short, good] = [library.put('Mất', SECOND), library.put('Cụt', 3 * SECOND, { first: 1 }), library.put('Tốt', SECOND / 2, { first: 4_000_000 })]
    const at = soon(1500)
    unlinkSync(library.fileOf(gone.id).path)
    truncateSync(library.fileOf(short.id).path, 44 + SECOND * 6)
    await using recorder = await recordTap(air.tapPath)
    await hard(gone.id, at)
    await follow(short.id, at)
    await follow(good.id, at)
    await ended('Tốt')
    const tap = await recorder.stop()
    expect(rows.filter((row) => row.endedAt !== null).map((row) => [row.title, row.stopReason])).toEqual([['Mất', 'decodeError'], ['Cụt', 'decodeError'], ['Tốt', 'natural']])
    expect(countingRuns(tap.left)).toMatchObject([{ first: 4_000_000, length: SECOND / 2 }])
    expect((await callRoom(log, 'log.day', { broadcastDate: dateOf(at) })).lines.map((line) => line.status)).toEqual(['failed', 'failed', 'finished'])
  })

  it('a file that is cut short while on air plays as far as it can be read, and its follower comes at once', async () => {
    await openRooms()
    const [short, good] = [library.put('Cụt', 20 * SECOND, { first: 1 }), library.put('Tốt', SECOND / 2, { first: 4_000_000 })]
    await using recorder = await recordTap(air.tapPath)
    const at = soon(1200)
    await hard(short.id, at)
    await follow(good.id, at)
    await started('Cụt')
    truncateSync(library.fileOf(short.id).path, 44 + 7 * SECOND * 6)
    await ended('Tốt')
    const tap = await recorder.stop()
    expect(await ended('Cụt')).toMatchObject({ stopReason: 'decodeError', playedSamples: 7 * SECOND })
    const [one, two] = countingRuns(tap.left).filter((run) => run.length > 2000)
    expect(one).toMatchObject({ first: 1, length: 7 * SECOND - DECLICK })
    expect(two).toMatchObject({ at: (one?.at ?? 0) + 7 * SECOND, first: 4_000_000, length: SECOND / 2 })
  })

  it('a live session takes the bus and gives it back joined where the clock says', async () => {
    await openRooms()
    const item = library.put('Nền', 30 * SECOND, { first: 1 })
    await using recorder = await recordTap(air.tapPath)
    const at = soon(1000)
    await hard(item.id, at)
    await started('Nền')
    const live = air.live('session', { channels: 1, title: 'Trực tiếp' })
    expect(() => air.live('other', { channels: 1, title: 'Khác' })).toThrow('busy')
    const from = performance.now()
    await new Promise<void>((resolve) => {
      let sent = 0
      const timer = setInterval(() => {
        while (sent * 20 < performance.now() - from) live.write(new Float32Array(960).fill(0.25), sent++ * 960)
        if (sent < 75) return
        clearInterval(timer)
        resolve()
      }, 20)
    })
    expect(air.status().buses[0]?.playing).toMatchObject({ source: 'live', title: 'Trực tiếp' })
    live.end()
    live.end()
    await ended('Trực tiếp')
    const back = (await ended('Trực tiếp')).endedAt ?? 0
    await statusWhere((status) => status.buses[0]?.playing?.source === 'log' && status.at > back + 500)
    await callRoom(air, 'air.skip', { bus: 'main', lineId: (await lastLine(at)) ?? '' })
    await expect.poll(() => rows.filter((row) => row.title === 'Nền' && row.endedAt !== null).length, { timeout: 5000 }).toBe(2)
    const tap = await recorder.stop()
    const runs = countingRuns(tap.left).filter((run) => run.length > 2000 && run.first < 3_000_000)
    // Both stretches of the item lie on the same line between clock and sample.
    for (const run of runs) expect(run.first - 1 - Math.round((tap.stationTimeOf(run.at) - at) * 48)).toBe(0)
    expect(runs.length).toBeGreaterThanOrEqual(2)
    expect(rows.filter((row) => row.endedAt !== null).map((row) => [row.title, row.startSource, row.stopReason])).toEqual([['Nền', 'time', 'preempted'], ['Trực tiếp', 'manual', 'natural'], ['Nền', 'catchUp', 'operatorSkip']])
    // The bus is free for the next one.
    air.live('again', { channels: 2, title: 'Lần nữa' }).end()
  })

  it('a thread that dies is replaced at once and joins where the clock says; what it left open is closed as unclean', async () => {
    await openRooms(new URL('../../support/failing-air-thread.ts', import.meta.url))
    const item = library.put('Dài', 7 * SECOND, { first: 1 })
    const at = soon(1000)
    await hard(item.id, at)
    await started('Dài')
    await using recorder = await recordTap(air.tapPath)
    const stopped = performance.now()
    const lost = statusWhere((status) => status.state === 'catchingUp')
    writeFileSync(join(ctx.folders.air, 'fail'), '')
    await lost
    await statusWhere((status) => status.state === 'running')
    expect(performance.now() - stopped).toBeLessThan(5000)
    await ended('Dài')
    await expect.poll(() => rows.filter((row) => row.title === 'Dài' && row.endedAt !== null).length, { timeout: 20_000 }).toBe(2)
    const tap = await recorder.stop()
    const back = countingRuns(tap.left).filter((run) => run.length > 2000).at(-1)
    expect((back?.first ?? 0) - 1).toBe(Math.round((tap.stationTimeOf(back?.at ?? 0) - at) * 48))
    expect(rows.filter((row) => row.endedAt !== null).map((row) => [row.startSource, row.stopReason])).toEqual([['time', 'unclean'], ['catchUp', 'natural']])
  })

  it('rows of what was played can be neither changed nor deleted', async () => {
    await openRooms()
    const item = library.put('A', SECOND / 4)
    await hard(item.id, soon(1500))
    await ended('A')
    expect(() => ctx.db.prepare('UPDATE as_run SET title = ?').run('x')).toThrow('append-only')
    expect(() => ctx.db.prepare('DELETE FROM as_run_ends').run()).toThrow('append-only')
    expect(ctx.db.prepare("SELECT count(*) FROM audit WHERE action = 'air.played'").pluck().get()).toBe(1)
  })
})
