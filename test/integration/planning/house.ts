import type { Unit } from '#contract/devices.ts'
import type { Item } from '#contract/library.ts'
import type { AsRunRow } from '#contract/air.ts'
import type { LogDay, LogLine } from '#contract/log.ts'
import type { Job } from '#contract/station.ts'
import { isPartOf } from '#contract/planning.ts'
import type { PlanContents, PlanDraft, PlanPart, PlanPartKind, StoredPart } from '#contract/planning.ts'
import { AppError } from '#contract/errors.ts'
import type { AirRoom, LogRoom, PlanningRoom } from '../../../main/station/faces.ts'
import { openLog } from '../../../main/station/log/index.ts'
import { openPlanning } from '../../../main/station/planning/index.ts'
import { asRunRow } from '../../support/air-state.ts'
import { callRoom, manualClock, openTestContext } from '../../support/context.ts'
import type { TestContext } from '../../support/context.ts'
import { shelfOfSounds } from '../../support/shelf-of-sounds.ts'
import type { ShelfOfSounds } from '../../support/shelf-of-sounds.ts'

export const FRAMES = 48_000
/** Monday, 08:00 in Vietnam. */
export const monday = '2026-11-16'
export const start = Date.parse(`${monday}T08:00:00+07:00`)
export const at = (time: string, date = monday): number => Date.parse(`${date}T${time}+07:00`)

export interface House extends AsyncDisposable {
  readonly ctx: TestContext
  readonly clock: ReturnType<typeof manualClock>
  readonly library: ShelfOfSounds & { describe(itemId: string, facts: Partial<Item>): Item }
  readonly air: Pick<AirRoom, 'asRunBetween' | 'asRunOf'>
  readonly log: LogRoom
  readonly planning: PlanningRoom
  readonly units: Unit[]
  /** The air tells that something ran. */
  ran(item: Item | null, facts: { at: number; samples: number; lineId?: string | null } & Partial<AsRunRow>): void
  /** The rooms anew on the same database, as after a restart. */
  restart(): Promise<void>
  day(date: string): Promise<LogDay>
  parts<K extends PlanPartKind>(kind: K): Promise<{ id: string; rev: number; content: PlanContents[K] }[]>
  save(part: PlanPart, known?: { id: string; rev: number }): Promise<StoredPart>
  generate(...dates: string[]): Promise<PlanDraft>
}

/** Log and planning as the station joins them, on a real database; the air only remembers what it is told. */
export async function openHouse(): Promise<House> {
  const clock = manualClock(start)
  const ctx = await openTestContext({ clock })
  const shelf = shelfOfSounds(ctx, { unheard: true })
  const described = new Map<string, Partial<Item>>()
  const see = (item: Item): Item => ({ ...item, ...described.get(item.id) })
  const library: House['library'] = {
    ...shelf, get: (itemId) => {
      const item = shelf.get(itemId)
      return item === null ? null : see(item)
    },
    list: () => shelf.list().map(see),
    describe(itemId, facts) {
      described.set(itemId, { ...described.get(itemId), ...facts })
      ctx.events.emit('library.changed', { itemId, removed: false })
      const item = shelf.get(itemId)
      if (item === null) throw new Error('no such item')
      return see(item)
    },
  }
  const rows: AsRunRow[] = []
  const listeners = new Set<(row: AsRunRow) => void>()
  const air = {
    usePlan: () => undefined, modeOf: () => 'auto' as const, linesOnAir: () => [],
    onAsRun(run: (row: AsRunRow) => void) {
      listeners.add(run)
      return () => void listeners.delete(run)
    },
    asRunBetween: (from: number, until: number) => rows.filter((row) => row.actualAt < until && (row.endedAt ?? Number.POSITIVE_INFINITY) >= from), asRunOf: (date: string) => rows.filter(({ broadcastDate }) => broadcastDate === date),
  }
  const units: Unit[] = []
  const open = async (): Promise<{ log: LogRoom; planning: PlanningRoom }> => {
    const log = await openLog(ctx, { library, air })
    return { log, planning: openPlanning(ctx, { library, air, log, units: () => units }) }
  }
  let rooms = await open()
  const finished = async (jobId: string): Promise<Job> => {
    for (;;) {
      const job = ctx.inside.jobs.list().find(({ id }) => id === jobId)
      if (job !== undefined && job.endedAt !== null) return job
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const house: House = {
    ctx, clock, library, units, air,
    get log() { return rooms.log },
    get planning() { return rooms.planning },
    ran(item, { at: actualAt, samples, ...facts }) {
      const row = asRunRow({
        id: ctx.newId(), itemId: item?.id ?? null, broadcastDate: new Date(actualAt + 7 * 3_600_000).toISOString().slice(0, 10), title: item?.title ?? 'Trực tiếp', sha256: item?.sha256 ?? null, actualAt, endedAt: actualAt + samples / 48, playedSamples: samples,
        stopReason: 'natural', ...facts,
      })
      rows.push(row)
      for (const run of listeners) run(row)
    },
    async restart() {
      listeners.clear()
      rooms = await open()
    },
    day: (date) => rooms.log.day(date),
    async parts(kind) {
      const { parts } = await callRoom(rooms.planning, 'planning.parts', {})
      return parts.flatMap(({ id, rev, part }) => (isPartOf(part, kind) ? [{ id, rev, content: part.content }] : []))
    },
    save: (part, known) => callRoom(rooms.planning, 'planning.save', { partId: known?.id ?? null, rev: known?.rev ?? 0, part }),
    async generate(...dates) {
      const { jobId } = await callRoom(rooms.planning, 'planning.generate', { dates })
      const job = await finished(jobId)
      if (job.error !== null) throw new AppError(job.error.code, { data: job.error.data ?? {} })
      return callRoom(rooms.planning, 'planning.draft', { draftId: job.result?.['draftId'] ?? '' })
    },
    [Symbol.asyncDispose]: () => ctx[Symbol.asyncDispose](),
  }
  return house
}

export async function codeOf(run: Promise<unknown>): Promise<string> {
  try {
    await run
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'none'
}
export const titles = (day: LogDay): string[] => day.lines.map(({ title }) => title)
export function lineNamed(day: LogDay, title: string): LogLine {
  const line = day.lines.find((other) => other.title === title)
  if (line === undefined) throw new Error(`no line ${title}`)
  return line
}
