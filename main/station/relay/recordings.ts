import { setTimeout as wait } from 'node:timers/promises'
import { verifyRecording } from '#common/relay/index.ts'
import type { RecordingCode } from '#common/relay/index.ts'
import { addDays, dateAt, instantOfLocal } from '#common/timing/zone.ts'
import { AppError } from '#contract/errors.ts'
import type { RelayRecording, RelaySchedule, RelayStation } from '#contract/relay.ts'
import type { StationContext } from '../context.ts'
import type { RecordedStream, RecorderRoom, SoundFacts } from '../faces.ts'
import { offsetOf } from '../foundation/zones.ts'
import type { ScheduleStore } from './schedules.ts'

const LOOK_EVERY_MS = 1_000
/** Recorded before the beginning: a connection that takes its time costs nothing of it. */
const PRE_ROLL_MS = 30_000
const RETRY_MS = 2_000
const STEP_MS = 200
const PER_MS = 48

export interface RecordingParts {
  readonly store: ScheduleStore
  readonly sourceOf: (id: string) => RelayStation | null
  readonly recorder: Pick<RecorderRoom, 'recordStream'>
  /** Measures a stretch of an item. */
  readonly measure: (itemId: string, range: { start: number; end: number }) => Promise<SoundFacts>
  /** Lets an item on the air in the name of who let its source. */
  readonly approve: (itemId: string, by: string) => void
  readonly changed: (scheduleId: string) => void
}

/** Records what is due of other stations, verifies it, and says what became of it. What the station slept through is told as missed. */
export function runRecordings(ctx: Pick<StationContext, 'clock' | 'settings' | 'scope' | 'logger' | 'notices' | 'audit'>, parts: RecordingParts): void {
  const { store } = parts
  const running = new Set<string>()
  const stopping = new AbortController()
  ctx.scope.add(() => stopping.abort())

  const put = (recording: RelayRecording): void => {
    store.put(recording)
    parts.changed(recording.scheduleId)
  }
  const end = (begun: RelayRecording, code: RecordingCode, facts: Partial<RelayRecording> = {}): void => {
    put({ ...begun, ...facts, state: 'done', code })
    ctx.audit.append({ personId: null, name: 'relay' }, 'relay.recorded', begun.scheduleId, { broadcastDate: begun.broadcastDate, code, itemId: facts.itemId ?? null })
    if (code !== 'ok') ctx.notices.raise('alarm', new AppError('recording-failed', { data: { title: begun.title, code } }), `${begun.scheduleId} ${begun.broadcastDate}`)
  }

  /** Until the first sound, or until there is no time left. */
  async function begin(schedule: RelaySchedule, untilAt: number): Promise<RecordedStream | 'diskFull' | null> {
    for (let attempt = 0; ctx.clock.now() < untilAt && !stopping.signal.aborted; attempt++) {
      const source = parts.sourceOf(schedule.sourceId)
      const streams = source?.addresses.flatMap((one) => (one.kind === 'stream' ? [one.url] : [])) ?? []
      const url = streams[attempt % Math.max(1, streams.length)]
      try {
        if (url !== undefined) return await parts.recorder.recordStream({ url, title: schedule.title }, { personId: null, name: 'relay' })
      } catch (error) {
        if (error instanceof AppError && error.code === 'disk-full') return 'diskFull'
        ctx.logger.warn('a source to be recorded does not answer', { scheduleId: schedule.id, error })
      }
      if (ctx.clock.now() < untilAt) await wait(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
    return null
  }

  async function record(schedule: RelaySchedule, begun: RelayRecording): Promise<void> {
    const stream = await begin(schedule, begun.untilAt)
    if (stream === 'diskFull') return end(begun, 'diskFull')
    if (stream === null) return stopping.signal.aborted ? undefined : end(begun, 'sourceLost')
    const { startedAt } = stream
    // Step by step: the clock may be set meanwhile.
    while (ctx.clock.now() < begun.untilAt && !stopping.signal.aborted) await wait(STEP_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
    if (stopping.signal.aborted) return
    const { itemId, lengthSamples, faults } = await stream.finish()
    const cueInSample = Math.max(0, Math.min(lengthSamples, Math.round((begun.fromAt - startedAt) * PER_MS)))
    const lostSamples = faults.filter(({ kind, atFrame }) => kind === 'input-lost' && atFrame >= cueInSample).reduce((sum, { frames }) => sum + frames, 0)
    const { energies } = await parts.measure(itemId, { start: cueInSample, end: lengthSamples })
    const lengthMs = (lengthSamples - cueInSample) / PER_MS
    const { code, silentShare, levelDbfs } = verifyRecording({ wantedMs: begun.untilAt - begun.fromAt, lengthMs, lostMs: lostSamples / PER_MS, energies })
    const approval = parts.sourceOf(schedule.sourceId)?.approval ?? null
    if (code === 'ok' && approval !== null) parts.approve(itemId, approval.by)
    end(begun, code, { itemId, cueInSample, lengthMs: Math.round(lengthMs), silentShare, levelDbfs })
  }

  function look(): void {
    const now = ctx.clock.now()
    const offsetAt = offsetOf(ctx.settings.get().zone)
    for (const schedule of store.list()) {
      const today = dateAt(now + PRE_ROLL_MS, offsetAt)
      for (const broadcastDate of [addDays(today, -1), today]) {
        const fromAt = windowOf(schedule, broadcastDate, offsetAt)
        if (fromAt === null || now < fromAt - PRE_ROLL_MS || fromAt < schedule.createdAt) continue
        const key = `${schedule.id} ${broadcastDate}`
        const known = store.recordingOf(schedule.id, broadcastDate)
        if (running.has(key) || known?.state === 'done') continue
        const begun: RelayRecording = { scheduleId: schedule.id, broadcastDate, title: schedule.title, fromAt, untilAt: fromAt + schedule.lengthMin * 60_000, state: 'recording', code: null, itemId: null, cueInSample: 0, lengthMs: null, silentShare: null, levelDbfs: null }
        if (now >= begun.untilAt) {
          end(begun, known === null ? 'missedWindow' : 'short')
          continue
        }
        running.add(key)
        put(begun)
        record(schedule, begun).catch((error: unknown) => {
          ctx.logger.error('a recording of another station failed', { scheduleId: schedule.id, error })
          end(begun, 'unreadable')
        }).finally(() => running.delete(key))
      }
    }
  }
  ctx.scope.every(LOOK_EVERY_MS, look)
}

/** Beginning of a day's recording, UTC ms; null = none that day. */
function windowOf({ weekdays, fromMin }: RelaySchedule, date: string, offsetAt: ReturnType<typeof offsetOf>): number | null {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay()
  return weekdays.includes(day === 0 ? 7 : day) ? instantOfLocal(date, fromMin * 60_000, offsetAt) : null
}
