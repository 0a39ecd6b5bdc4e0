import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '#contract/errors.ts'
import type { ParsedInput, ProcedureOutput } from '#contract/index.ts'
import type { RecordedTake } from '#contract/recorder.ts'
import type { Caller, StationContext } from '../context.ts'
import { givenTitle } from './names.ts'
import type { Running, Runs } from './runs.ts'
import type { Shelf } from './shelf.ts'
import type { TakeSidecar } from './sidecar.ts'

/** As long as a window may need for what it kept during a break of hours. */
const ARRIVES_WITHIN_MS = 24 * 3_600_000

export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function isKeyOf(sidecar: TakeSidecar, key: string): boolean {
  return sidecar.pickUp !== null && timingSafeEqual(Buffer.from(sidecar.pickUp), Buffer.from(hashOfKey(key)))
}

/**
 * Joins what waited in a window that died to the take it belongs to.
 * Promises: no sample twice and none in the wrong place, because only positions of the capture session count; a stranger without the key changes nothing.
 * When it breaks off, what came is kept and the rest can be handed in again.
 */
export function pickUps(ctx: StationContext, options: { runs: Runs; shelf: Shelf; view: (sidecar: TakeSidecar) => RecordedTake }): (input: ParsedInput<'recorder.pickUp'>, caller: Caller) => Promise<ProcedureOutput<'recorder.pickUp'>> {
  const { runs, shelf, view } = options

  /** The file that holds the end of the session a take belongs to. */
  function lastOfSession(takeId: string): TakeSidecar | null {
    let last = shelf.get(takeId)
    for (const one of last === null ? [] : shelf.group(last.take.groupId)) {
      if (last === null || one.take.part <= last.take.part) continue
      // A session of its own, with positions of its own.
      if (one.take.sessionFrame === 0) break
      last = one
    }
    return last
  }

  /** A run that is open for this session: the take's own, or one that an earlier try began. */
  function openFor(takeId: string): Running | undefined {
    const known = runs.find(takeId)
    if (known !== undefined) return known
    const last = lastOfSession(takeId)
    return last === null ? undefined : runs.list().find(({ run }) => {
      const first = run.parts[0]?.take
      return first !== undefined && first.groupId === last.take.groupId && first.sessionFrame > 0 && first.part > last.take.part
    })
  }

  function allowed(sidecar: TakeSidecar, input: ParsedInput<'recorder.pickUp'>, caller: Caller): void {
    if (!isKeyOf(sidecar, input.key) && !caller.may('recorder')) throw new AppError('forbidden')
    if (sidecar.take.channels !== input.channels) throw new AppError('invalid-input', { data: { field: 'channels' } })
  }

  async function settle(one: Running, toFrame: number, frames: number): Promise<void> {
    if (!(await one.run.reached(toFrame, ARRIVES_WITHIN_MS))) return
    const { take } = await runs.close(one, 'recovered', 'link-lost')
    if (frames > 0) ctx.notices.raise('info', new AppError('take-picked-up', { data: { seconds: Math.ceil(frames / 48_000), title: givenTitle(take.title) } }), take.id)
  }

  return async (input, caller) => {
    const { takeId, toFrame } = input
    const open = openFor(takeId)
    if (open !== undefined) allowed(open.run.part.sidecar, input, caller)
    // Being closed just now: what is missing becomes the next part.
    if (open?.closing) await open.closing
    let one = open?.closing === null ? open : undefined
    if (one === undefined) {
      const last = lastOfSession(takeId)
      if (last === null) {
        if (!caller.may('recorder')) throw new AppError('not-signed-in')
        const { title, channels, inputLabel, inputRateHz, fromFrame } = input
        one = await runs.begin({ title, channels, inputLabel, inputRateHz, settings: {}, origin: { kind: 'device' }, pickUp: hashOfKey(input.key), sessionFrame: fromFrame }, caller, 'window')
      } else {
        allowed(last, input, caller)
        const end = last.take.sessionFrame + last.take.durableFrames
        if (toFrame <= end) return { take: view(last), heldFrame: end }
        one = await runs.takeUp(last, { ...last.by, connectionId: caller.connectionId })
      }
    }
    const { run, handle } = one
    run.changeFeeder()
    ctx.captures.admit(handle, caller.connectionId)
    const heldFrame = run.position
    const { take, sidecar } = run.part
    ctx.audit.append(caller.personId === null ? sidecar.by : caller, 'recorder.pickUp', take.id, { title: take.title, frames: Math.max(0, toFrame - heldFrame) })
    void settle(one, toFrame, toFrame - heldFrame)
    return { take: view(sidecar), heldFrame }
  }
}
