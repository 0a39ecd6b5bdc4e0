import { isSilentKind } from './standing.ts'
import type { Banner, BannerKind, PlayoutLine } from './types.ts'
import type { WalkState } from './walk-state.ts'

/** 10 min: from here a banner counts down. */
const AHEAD = 28_800_000
/** Places behind the one on air that are looked at for lines that may not begin yet. */
const LOOK_AHEAD = 40

/** What counts for a person now. In auto only a running grace: the rest is done by itself. */
export function bannersOf(state: WalkState): Banner[] {
  const { input, order, standing } = state
  const banners: Banner[] = []
  const add = (line: PlayoutLine, kind: BannerKind, at: number, until: number | null): void => {
    if (at - input.now > AHEAD) return
    const phase = input.now < at ? 'coming' : until === null || input.now < until ? 'running' : 'over'
    banners.push({ id: `${line.logId}:${line.id}:${line.rev}`, lineId: line.id, kind, at, until, phase })
  }
  for (const group of state.pendingGroups) {
    const anchor = order.groups[group]?.anchor
    if (anchor === null || anchor === undefined) continue
    if (anchor.at - input.now > AHEAD * 2) break
    const { line, onReach } = anchor
    const graceEnd = onReach.kind === 'waitUpTo' ? anchor.latest + onReach.graceMs * 48 : null
    if (input.mode === 'auto') {
      if (graceEnd !== null && anchor.latest <= input.now && input.now < graceEnd) add(line, 'grace', anchor.latest, graceEnd)
    } else if (line.timing.kind === 'soft') add(line, 'softWindow', anchor.earliest, anchor.latest)
    else if (line.timing.kind === 'backtimed') add(line, 'latestStart', anchor.at, line.timing.endsAt)
    else if (graceEnd !== null && input.now >= anchor.at) add(line, 'grace', anchor.at, graceEnd)
    else add(line, 'timedLineDue', anchor.at, null)
  }
  if (input.mode === 'auto') return banners
  for (let place = standing.place + 1, seen = 0; place < order.lines.length && seen < LOOK_AHEAD; place++, seen++) {
    const line = order.lines[place]
    if (line === null || line === undefined || standing.turns[place] !== 0 || isSilentKind(line)) continue
    if (line.timing.kind === 'notBefore' && line.timing.at > input.now) add(line, 'notBefore', line.timing.at, null)
  }
  const onAir = state.runs.findLast((run) => run.onAir)
  if (onAir?.line === null || onAir?.line === undefined) return banners
  if (input.mode === 'manual' && onAir.line.endAt !== null) add(onAir.line, 'relayOut', onAir.line.endAt, null)
  if (onAir.slot?.ruleEndAt !== null && onAir.slot?.ruleEndAt !== undefined) add(onAir.line, 'ruleEnd', onAir.slot.ruleEndAt, null)
  return banners
}
