import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AsRunRow } from '#contract/air.ts'
import type { LogDay } from '#contract/log.ts'
import { AppError } from '#contract/errors.ts'
import type { CompiledPlan, LogRoom } from '../../../main/station/faces.ts'
import { openLog } from '../../../main/station/log/index.ts'
import { asRunRow } from '../../support/air-state.ts'
import { callRoom, callerWith, manualClock, openTestContext } from '../../support/context.ts'
import type { TestContext } from '../../support/context.ts'
import { shelfOfSounds } from '../../support/shelf-of-sounds.ts'
import type { ShelfOfSounds } from '../../support/shelf-of-sounds.ts'

const MINUTE = 60_000
const FRAMES = 48_000
const date = '2026-11-21'
/** 08:00 in Vietnam. */
const start = Date.UTC(2026, 10, 21, 1, 0, 0)

let clock: ReturnType<typeof manualClock>
let ctx: TestContext
let library: ShelfOfSounds
let log: LogRoom
let plans: CompiledPlan[]
let rows: AsRunRow[]
let onAsRun: (row: AsRunRow) => void

const openRoom = (): Promise<LogRoom> => openLog(ctx, {
  library: library,
  air: {
    onAsRun(run) {
      onAsRun = run
      return () => undefined
    },
    usePlan: (plan) => void plans.push(plan), modeOf: () => 'auto', asRunBetween: () => rows, asRunOf: () => rows, linesOnAir: () => [],
  },
})

beforeEach(async () => {
  clock = manualClock(start)
  ctx = await openTestContext({ clock })
  library = shelfOfSounds(ctx)
  plans = []
  rows = []
  log = await openRoom()
})
afterEach(() => ctx[Symbol.asyncDispose]())

const hard = (at: number) => ({ kind: 'hard', at, onReach: { kind: 'cut' } }) as const
const follow = { kind: 'follow' } as const
const add = (itemId: string, timing: LogDay['lines'][number]['timing'], afterLineId: string | null, broadcastDate = date) => callRoom(log, 'log.addLine', { broadcastDate, itemId, timing, afterLineId })
const codeOf = async (run: Promise<unknown>): Promise<string> => {
  try {
    await run
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'none'
}
const lineNamed = (day: LogDay, title: string) => {
  const line = day.lines.find((other) => other.title === title)
  if (line === undefined) throw new Error(`no line ${title}`)
  return line
}
const latest = (): CompiledPlan => plans.at(-1) ?? log.plan()
/** The air tells that a line started by the plan, and maybe how it ended. */
const played = (line: LogDay['lines'][number], end: Partial<AsRunRow> = {}): void => {
  const row = asRunRow({ id: ctx.newId(), lineId: line.id, itemId: line.itemId, broadcastDate: line.broadcastDate, title: line.title, plannedAt: line.plannedAt, actualAt: line.plannedAt ?? 0, ...end })
  rows.push(row)
  onAsRun(row)
}

describe('a broadcast day', () => {
  it('has hard and following lines with their planned times', async () => {
    const [a, b] = [library.put('Thời sự', 90 * FRAMES), library.put('Nhạc', 30 * FRAMES + 1)]
    const first = await add(a.id, hard(start + MINUTE), null)
    const day = await add(b.id, follow, first.lines[0]?.id ?? null)
    expect(day.lines.map((line) => [line.title, line.plannedAt, line.plannedEndAt, line.status, line.lineState])).toEqual([
      ['Thời sự', start + MINUTE, start + MINUTE + 90_000, 'scheduled', 'ok'], ['Nhạc', start + MINUTE + 90_000, start + MINUTE + 120_000, 'scheduled', 'ok'],
    ])
    expect(latest().plays.map((play) => [play.title, play.startAt, play.playSamples, play.chainStart])).toEqual([['Thời sự', start + MINUTE, 90 * FRAMES, true], ['Nhạc', start + MINUTE + 90_000, 30 * FRAMES + 1, false]])
  })

  it('is planned at least 48 hours ahead', () => {
    expect(log.plan().untilAt - clock.now()).toBeGreaterThanOrEqual(48 * 3_600_000)
  })

  it('is announced to windows when it changes', async () => {
    const seen: number[] = []
    ctx.events.on('log.changed', ({ rev }) => void seen.push(rev))
    const item = library.put('Một', FRAMES)
    await add(item.id, hard(start + MINUTE), null)
    await add(item.id, hard(start + 2 * MINUTE), null)
    expect(seen).toEqual([1, 2])
  })

  it('survives the station', async () => {
    const item = library.put('Một', FRAMES)
    const before = await add(item.id, hard(start + MINUTE), null)
    log = await openRoom()
    expect((await callRoom(log, 'log.day', { broadcastDate: date })).lines).toEqual(before.lines)
    expect(latest().plays.map((play) => play.lineId)).toEqual(before.lines.map((line) => line.id))
  })

  it('a line before the first hard line is shown without a start and never planned', async () => {
    const day = await add(library.put('Một', FRAMES).id, follow, null)
    expect(day.lines[0]).toMatchObject({ plannedAt: null, timingNote: { code: 'noAnchor' } })
    expect(latest().plays).toEqual([])
  })

  it('a line that cannot begin before the next hard line is shown as without room', async () => {
    const item = library.put('Dài', 120 * FRAMES)
    const one = await add(item.id, hard(start + MINUTE), null)
    const two = await add(item.id, follow, one.lines[0]?.id ?? null)
    const three = await add(item.id, hard(start + 2 * MINUTE), two.lines[1]?.id ?? null)
    expect(three.lines.map((line) => line.timingNote?.code ?? 'ok')).toEqual(['ok', 'jumpedByHardStart', 'ok'])
    expect(latest().plays.map((play) => [play.playSamples, play.cut])).toEqual([[60 * FRAMES, true], [120 * FRAMES, false]])
  })

  it.each(['2026-02-30', '0000-00-00'])('a date that is not in the calendar is refused (%s)', async (wrong) => {
    expect(await codeOf(callRoom(log, 'log.day', { broadcastDate: wrong }))).toBe('invalid-input')
    expect(await codeOf(add(library.put('Một', FRAMES).id, follow, null, wrong))).toBe('invalid-input')
  })
})

describe('the approval gate', () => {
  it.each(['draft', 'edited', 'submitted', 'returned', 'withdrawn'] as const)('an item that is %s cannot be scheduled', async (state) => {
    const item = library.put('Chưa duyệt', FRAMES, { state })
    expect(await codeOf(add(item.id, hard(start + MINUTE), null))).toBe('not-approved')
    expect((await callRoom(log, 'log.day', { broadcastDate: date })).lines).toEqual([])
  })

  it('an item withdrawn after scheduling leaves the plan in the same turn of the event loop', async () => {
    const [a, b] = [library.put('Rút', 60 * FRAMES), library.put('Giữ', 60 * FRAMES)]
    const day = await add(a.id, hard(start + MINUTE), null)
    await add(b.id, follow, day.lines[0]?.id ?? null)
    library.setState(a.id, 'withdrawn')
    expect(latest().plays.map((play) => play.title)).toEqual(['Giữ'])
  })

  it('an item withdrawn and approved again comes back', async () => {
    const item = library.put('Rút', 60 * FRAMES)
    await add(item.id, hard(start + MINUTE), null)
    library.setState(item.id, 'withdrawn')
    expect((await callRoom(log, 'log.day', { broadcastDate: date })).lines[0]?.lineState).toBe('notApproved')
    library.setState(item.id, 'approved')
    await callRoom(log, 'log.day', { broadcastDate: date })
    await expect.poll(() => latest().plays.length).toBe(1)
  })

  it('an item whose file is gone is not scheduled, and a removed item leaves the plan', async () => {
    const item = library.put('Một', FRAMES)
    await add(item.id, hard(start + MINUTE), null)
    library.remove(item.id)
    expect(latest().plays).toEqual([])
    expect((await callRoom(log, 'log.day', { broadcastDate: date })).lines[0]?.lineState).toBe('noItem')
    expect(await codeOf(add(item.id, hard(start + 3 * MINUTE), null))).toBe('not-found')
  })

  it('an item whose file has another length than the library says is not scheduled', async () => {
    const item = library.put('Lệch', FRAMES)
    const real = library.fileOf(item.id)
    library.approvedPcmOf = () => Promise.resolve({ ...real, length: (real.length - 1) as typeof real.length })
    log = await openRoom()
    expect(await codeOf(add(item.id, hard(start + MINUTE), null))).toBe('file-missing')
  })

  it('only a scheduler may write the log', async () => {
    const item = library.put('Một', FRAMES)
    expect(await codeOf(callRoom(log, 'log.addLine', { broadcastDate: date, itemId: item.id, timing: follow, afterLineId: null }, callerWith('announcer')))).toBe('forbidden')
  })
})

describe('changes of a log', () => {
  it('a hard time in the past, outside its day or at an instant already taken is refused', async () => {
    const item = library.put('Một', FRAMES)
    expect(await codeOf(add(item.id, hard(start - 1), null))).toBe('log-past')
    expect(await codeOf(add(item.id, hard(start + 86_400_000), null))).toBe('invalid-input')
    await add(item.id, hard(start + MINUTE), null)
    expect(await codeOf(add(item.id, hard(start + MINUTE), null))).toBe('log-overlap')
    expect((await callRoom(log, 'log.day', { broadcastDate: date })).lines).toHaveLength(1)
  })

  it('a line that would follow something already over is refused', async () => {
    const item = library.put('Ngắn', 10 * FRAMES)
    const day = await add(item.id, hard(start + MINUTE), null)
    clock.advance(2 * MINUTE)
    expect(await codeOf(add(item.id, follow, day.lines[0]?.id ?? null))).toBe('log-past')
  })

  it('a change made on an old view is refused and nothing is lost', async () => {
    const item = library.put('Một', FRAMES)
    const day = await add(item.id, hard(start + MINUTE), null)
    const line = lineNamed(day, 'Một')
    const moved = await callRoom(log, 'log.updateLine', { broadcastDate: date, lineId: line.id, rev: line.rev, timing: hard(start + 3 * MINUTE) })
    expect(lineNamed(moved, 'Một')).toMatchObject({ plannedAt: start + 3 * MINUTE, rev: line.rev + 1 })
    expect(await codeOf(callRoom(log, 'log.updateLine', { broadcastDate: date, lineId: line.id, rev: line.rev, timing: hard(start + 4 * MINUTE) }))).toBe('stale')
    expect(await codeOf(callRoom(log, 'log.removeLine', { broadcastDate: date, lineId: line.id, rev: line.rev }))).toBe('stale')
    expect((await callRoom(log, 'log.day', { broadcastDate: date })).lines[0]?.plannedAt).toBe(start + 3 * MINUTE)
  })

  it('lines move without changing their names', async () => {
    const items = ['A', 'B', 'C'].map((title) => library.put(title, 10 * FRAMES))
    let day: LogDay = await add(items[0]?.id ?? '', hard(start + MINUTE), null)
    for (const item of items.slice(1)) day = await add(item.id, follow, day.lines.at(-1)?.id ?? null)
    const ids = new Map(day.lines.map((line) => [line.title, line.id]))
    const c = lineNamed(day, 'C')
    day = await callRoom(log, 'log.moveLine', { broadcastDate: date, lineId: c.id, rev: c.rev, afterLineId: ids.get('A') ?? null })
    expect(day.lines.map((line) => line.title)).toEqual(['A', 'C', 'B'])
    expect(new Map(day.lines.map((line) => [line.title, line.id]))).toEqual(ids)
    expect(await codeOf(callRoom(log, 'log.moveLine', { broadcastDate: date, lineId: c.id, rev: c.rev + 1, afterLineId: c.id }))).toBe('invalid-input')
  })

  it('a removed line comes back in its place by undo', async () => {
    const items = ['A', 'B', 'C'].map((title) => library.put(title, 10 * FRAMES))
    let day: LogDay = await add(items[0]?.id ?? '', hard(start + MINUTE), null)
    for (const item of items.slice(1)) day = await add(item.id, follow, day.lines.at(-1)?.id ?? null)
    const b = lineNamed(day, 'B')
    const without = await callRoom(log, 'log.removeLine', { broadcastDate: date, lineId: b.id, rev: b.rev })
    expect(without.lines.map((line) => line.title)).toEqual(['A', 'C'])
    const restored = await callRoom(log, 'log.undo', { stepId: without.step.stepId })
    expect(restored.days[0]?.lines.map((line) => [line.title, line.id])).toEqual(day.lines.map((line) => [line.title, line.id]))
  })

  it('a line on air or over cannot be moved, changed or removed', async () => {
    const [a, b] = [library.put('A', 60 * FRAMES), library.put('B', 60 * FRAMES)]
    let day: LogDay = await add(a.id, hard(start + MINUTE), null)
    day = await add(b.id, follow, day.lines[0]?.id ?? null)
    clock.advance(MINUTE + 10_000)
    const line = lineNamed(day, 'A')
    expect(await codeOf(callRoom(log, 'log.removeLine', { broadcastDate: date, lineId: line.id, rev: line.rev }))).toBe('line-locked')
    expect(await codeOf(callRoom(log, 'log.updateLine', { broadcastDate: date, lineId: line.id, rev: line.rev, timing: hard(start + 10 * MINUTE) }))).toBe('line-locked')
    expect(await codeOf(callRoom(log, 'log.moveLine', { broadcastDate: date, lineId: line.id, rev: line.rev, afterLineId: lineNamed(day, 'B').id }))).toBe('line-locked')
  })

  it('a change that would move what is on air is refused, one behind it is not', async () => {
    const [a, b] = [library.put('A', 60 * FRAMES), library.put('B', 60 * FRAMES)]
    let day: LogDay = await add(a.id, hard(start + MINUTE), null)
    day = await add(b.id, follow, day.lines[0]?.id ?? null)
    clock.advance(2 * MINUTE + 10_000)
    expect(await codeOf(add(a.id, follow, lineNamed(day, 'A').id))).toBe('line-locked')
    expect(await codeOf(add(a.id, follow, lineNamed(day, 'B').id))).toBe('none')
  })

  it('each change is in the audit chain', async () => {
    const item = library.put('Một', FRAMES)
    const day = await add(item.id, hard(start + MINUTE), null)
    const line = lineNamed(day, 'Một')
    await callRoom(log, 'log.removeLine', { broadcastDate: date, lineId: line.id, rev: line.rev })
    expect(ctx.db.prepare('SELECT action FROM audit WHERE subject = ? ORDER BY seq').pluck().all(line.id)).toEqual(['log.addLine', 'log.removeLine'])
  })

  it('a damaged line is put aside and the rest of the day is shown and planned', async () => {
    const [a, b] = [library.put('A', FRAMES), library.put('B', FRAMES)]
    const day = await add(a.id, hard(start + MINUTE), null)
    await add(b.id, hard(start + 2 * MINUTE), day.lines[0]?.id ?? null)
    ctx.db.prepare('UPDATE log_lines SET target_unit_ids = ? WHERE id = ?').run('{broken', lineNamed(day, 'A').id)
    log = await openRoom()
    expect((await callRoom(log, 'log.day', { broadcastDate: date })).lines.map((line) => line.title)).toEqual(['B'])
    expect(ctx.db.prepare('SELECT count(*) FROM rows_put_aside').pluck().get()).toBe(1)
  })
})

describe('what really happened', () => {
  it('a line ended by hand pulls the lines behind it forward', async () => {
    const [a, b] = [library.put('A', 60 * FRAMES), library.put('B', 60 * FRAMES)]
    let day: LogDay = await add(a.id, hard(start + MINUTE), null)
    day = await add(b.id, follow, day.lines[0]?.id ?? null)
    clock.advance(MINUTE + 20_150)
    played(lineNamed(day, 'A'), { endedAt: start + MINUTE + 20_150, playedSamples: 20 * FRAMES + 7200, stopReason: 'operatorSkip' })
    await expect.poll(() => latest().plays.find((play) => play.title === 'B')?.startAt).toBe(start + MINUTE + 20_150)
    day = await callRoom(log, 'log.day', { broadcastDate: date })
    expect(day.lines.map((line) => [line.title, line.status])).toEqual([['A', 'finished'], ['B', 'scheduled']])
  })

  it('an ended line stays in the plan while its chain sounds, so that devices know the chain by the same first line', async () => {
    const [a, b] = [library.put('A', 10 * FRAMES), library.put('B', 300 * FRAMES)]
    let day: LogDay = await add(a.id, hard(start + MINUTE), null)
    day = await add(b.id, follow, day.lines[0]?.id ?? null)
    played(lineNamed(day, 'A'), { endedAt: start + MINUTE + 10_000, playedSamples: 10 * FRAMES, stopReason: 'natural' })
    played(lineNamed(day, 'B'))
    clock.advance(4 * MINUTE)
    const later = library.put('C', 10 * FRAMES)
    await add(later.id, hard(start + 30 * MINUTE), lineNamed(day, 'B').id)
    await expect.poll(() => latest().plays.map((play) => play.title)).toEqual(['A', 'B', 'C'])
    clock.advance(20 * MINUTE)
    const last = library.put('D', 10 * FRAMES)
    await add(last.id, hard(start + 40 * MINUTE), lineNamed(await callRoom(log, 'log.day', { broadcastDate: date }), 'C').id)
    await expect.poll(() => latest().plays.map((play) => play.title)).toEqual(['C', 'D'])
  })

  it('a line already heard keeps its time when its item is withdrawn later', async () => {
    const [a, b] = [library.put('A', 60 * FRAMES), library.put('B', 60 * FRAMES)]
    let day: LogDay = await add(a.id, hard(start + MINUTE), null)
    day = await add(b.id, follow, day.lines[0]?.id ?? null)
    played(lineNamed(day, 'A'), { endedAt: start + 2 * MINUTE, playedSamples: 60 * FRAMES, stopReason: 'natural' })
    clock.advance(2 * MINUTE + 10_000)
    library.setState(a.id, 'withdrawn')
    day = await callRoom(log, 'log.day', { broadcastDate: date })
    expect(lineNamed(day, 'B').plannedAt).toBe(start + 2 * MINUTE)
  })

  it('a line that failed, one that is on air and one the station missed are told apart', async () => {
    const [a, b, c] = [library.put('A', 10 * FRAMES), library.put('B', 10 * FRAMES), library.put('C', 10 * FRAMES)]
    await add(a.id, hard(start + MINUTE), null)
    await add(b.id, hard(start + 2 * MINUTE), null)
    const day = await add(c.id, hard(start + 3 * MINUTE), null)
    clock.advance(3 * MINUTE + 5_000)
    played(lineNamed(day, 'A'), { endedAt: start + MINUTE, stopReason: 'decodeError' })
    played(lineNamed(day, 'C'))
    const seen = await callRoom(log, 'log.day', { broadcastDate: date })
    expect(Object.fromEntries(seen.lines.map((line) => [line.title, line.status]))).toEqual({ A: 'failed', B: 'skipped', C: 'playing' })
  })
})

describe('a year of days', () => {
  it('every day of the year rolls over: its lines are planned before it begins, at the same local time', async () => {
    const item = library.put('Bản tin', 30 * FRAMES)
    for (let day = 0; day < 365; day++) {
      const now = clock.now()
      const tomorrow = new Date(now + 24 * 3_600_000 + 7 * 3_600_000).toISOString().slice(0, 10)
      const at = now + 24 * 3_600_000 - 3_600_000
      await add(item.id, hard(at), null, tomorrow)
      const play = latest().plays.find((other) => other.startAt === at)
      expect(play?.broadcastDate).toBe(tomorrow)
      expect(log.plan().untilAt - now).toBeGreaterThanOrEqual(48 * 3_600_000)
      clock.advance(24 * 3_600_000)
    }
  }, 120_000)
})
