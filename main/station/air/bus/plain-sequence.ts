import { noFade } from '#common/mix/index.ts'
import type { Happened, Placement, Plan, PlayoutLine, SequencerInput } from '#common/playout/index.ts'

/** Ends after which a line may go on. */
const mayGoOn = new Set<Happened['stopReason']>(['preempted', 'engineStop', 'unclean'])

/**
 * Decides for logs of hard lines that cut and lines that follow, played by the clock: what the log can hold today. The whole truth table of
 * playout is the sequencer's.
 */
export function plainSequence(input: SequencerInput): Plan {
  const { lines, happened } = input
  const limits = hardLimits(input)
  const placements: Placement[] = []
  let before = handOver(input)
  for (const [index, line] of lines.entries()) {
    const known = happened.get(line.id) ?? null
    const limit = limits[index] ?? Infinity
    if (known !== null && known.end !== null && !(mayGoOn.has(known.stopReason) && input.returned !== null)) before = Math.max(known.end, before ?? known.end)
    else if (known !== null && known.end === null) {
      const placed = onAir(line, known, limit, input)
      placements.push(placed)
      before = (placed.start ?? 0) + placed.length
    } else if (!sounds(line)) {
      // Its place in time is that of what follows it.
      if (line.timing.kind === 'hard') before = line.timing.at
    } else {
      const top = known !== null ? known.start - known.from : line.timing.kind === 'hard' ? line.timing.at : (before ?? line.plannedStart)
      if (top === null) continue
      const placed = toCome(line, known, top, limit, input)
      before = placed?.sounds === true ? (placed.start ?? 0) + placed.length : Math.min(top + line.lengthSamples, Math.max(top, limit))
      if (placed !== null) placements.push(placed)
    }
  }
  const sounding = placements.filter(({ sounds }) => sounds).toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0))
  return { placements, sounding, onAir: null, next: sounding.find(({ status }) => status === 'scheduled') ?? null, waiting: null, banners: [], overUnder: null, solver: [], holes: [], answers: input.orders.map(({ id }) => ({ orderId: id, outcome: 'done', why: null, warning: null })), wakeAt: null }
}

function sounds(line: PlayoutLine): boolean {
  return line.state === 'ok' && !line.skip && !line.dropped && line.lengthSamples > 0
}

/** For each line: wall sample of the next hard start after it that is still to come or on air. A hard line with nothing to sound behind it cuts nothing. */
function hardLimits({ lines, happened }: SequencerInput): number[] {
  const limits = new Array<number>(lines.length)
  let limit = Infinity
  let isHeard = false
  for (let index = lines.length - 1; index >= 0; index--) {
    limits[index] = limit
    const line = lines[index]
    if (line === undefined) continue
    const known = happened.get(line.id) ?? null
    if (known === null && sounds(line)) isHeard = true
    if (line.timing.kind !== 'hard') continue
    if (known === null && isHeard) limit = line.timing.at
    else if (known?.end === null) limit = known.start
    isHeard = false
  }
  return limits
}

/** Where a line that is not in the log any more gave its place to the next. */
function handOver({ lines, happened, now, settings }: SequencerInput): number | null {
  const ids = new Set(lines.map(({ id }) => id))
  let latest: number | null = null
  for (const { lineId, end: over, endsAt } of happened.values()) {
    const end = over ?? endsAt
    if (!ids.has(lineId) && end !== null && end > now - settings.silenceMax && end > (latest ?? 0)) latest = end
  }
  return latest
}

function common(line: PlayoutLine) {
  return { lineId: line.id, logId: line.logId, rev: line.rev, openEnded: false, ratio: 1, fill: null, because: null, needsKey: false, editCode: 'none' as const, fadeIn: noFade, fadeOut: noFade }
}

function onAir(line: PlayoutLine, known: Happened, limit: number, { now, orders, settings }: SequencerInput): Placement {
  // Taken back while it sounds; it goes out with a fade, which then is its end.
  const withdrawn = line.state !== 'ok' && known.endsAt === null ? now + settings.cutFade : Infinity
  const skip = orders.find((order) => order.kind === 'skip' && order.lineId === line.id && order.at >= known.start)
  const whole = known.endsAt ?? known.start + line.lengthSamples - known.from
  const end = Math.min(whole, limit, withdrawn, skip === undefined ? Infinity : skip.at + settings.cutFade)
  return {
    ...common(line), status: 'playing', sounds: true, start: known.start, from: known.from, length: Math.max(0, end - known.start), fadeOut: end < whole ? { length: settings.cutFade, shape: 'linear' } : noFade, startSource: 'play',
    stopReason: known.endsAt !== null ? (known.stopReason ?? 'natural') : end === whole ? 'natural' : end === withdrawn ? 'withdrawn' : end === limit ? 'cutByHardStart' : 'operatorSkip', reason: 'onAir', because: skip?.id ?? null, editCode: skip !== undefined && end < whole && end < limit && end < withdrawn ? 'skippedByOperator' : known.editCode,
  }
}

function toCome(line: PlayoutLine, known: Happened | null, top: number, limit: number, { now, hold, returned, settings }: SequencerInput): Placement | null {
  if (hold !== null) return null
  const isHard = line.timing.kind === 'hard'
  const joins = top < now && (isHard || known !== null || (returned !== null && top < returned.at))
  const start = Math.max(top, now)
  const from = joins ? now - top : 0
  const whole = start + line.lengthSamples - from
  const end = Math.min(whole, limit)
  if (end <= start) {
    if (known !== null || Math.min(top + line.lengthSamples, limit) > now) return null
    return {
      ...common(line), status: 'skipped', sounds: false, start: top, from: 0, length: 0, startSource: isHard ? 'time' : 'play', stopReason: returned?.why === 'preempted' ? 'preempted' : limit <= now ? 'cutByHardStart' : 'engineStop',
      editCode: returned === null ? 'skippedByHardStart' : returned.why === 'preempted' ? 'preempted' : 'skippedAtStartup', reason: returned === null ? 'jumpedByHardStart' : returned.why === 'preempted' ? 'missedWhilePreempted' : 'missedWhileDown',
    }
  }
  return {
    ...common(line), status: 'scheduled', sounds: true, start, from, length: end - start, fadeIn: from > 0 ? { length: settings.declick, shape: 'linear' } : noFade, fadeOut: end < whole ? { length: settings.cutFade, shape: 'linear' } : noFade,
    startSource: joins ? 'catchUp' : isHard ? 'time' : 'play', stopReason: end < whole ? 'cutByHardStart' : 'natural', reason: joins ? 'joinsInProgress' : isHard ? 'atItsTime' : 'follows', editCode: joins ? 'joinedInProgress' : 'none',
  }
}
