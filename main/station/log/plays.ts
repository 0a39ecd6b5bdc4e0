import { instantOf } from '#common/playout/index.ts'
import { samples } from '#common/units/samples.ts'
import type { PassedSound, PlannedPlay } from '../faces.ts'
import type { PlannedLine } from './rundown.ts'

/** A play that ended this long ago is no longer part of the plan. */
const KEEP_ENDED_MS = 60_000
/** What the air lost between two lines of a chain is not the devices' to lose: 100 ms. */
const JOINT_SAMPLES = 4_800

interface Sounding {
  readonly planned: PlannedLine
  start: number
  end: number
}

/**
 * What devices and screens play by the plan. They play one sound after another, so that a tail which sounds under the next line here ends at the
 * next line's first sample there, and lines that follow each other join without a gap.
 * @param now UTC ms
 */
export function playsOf(lines: readonly PlannedLine[], now: number): PlannedPlay[] {
  const chainEnds = chainEndsOf(lines)
  const sounding = lines.flatMap((planned, index): Sounding[] => {
    const end = chainEnds[index] ?? null
    const { state, start, end: own } = planned.times
    if ((end !== null && instantOf(end) < now - KEEP_ENDED_MS) || soundOf(planned) === null || state !== 'planned' || start === null || own === null) return []
    return [{ planned, start, end: own }]
  })
  sounding.sort((a, b) => a.start - b.start)
  const latest = new Map<string, Sounding>()
  for (const one of sounding) {
    const { line, times } = one.planned
    const before = latest.get(line.bus)
    latest.set(line.bus, one)
    if (before === undefined) continue
    if (before.end > one.start) before.end = one.start
    else if (!times.byClock && one.start - before.end <= JOINT_SAMPLES) one.start = before.end
  }
  return sounding.flatMap(playOf)
}

/** Its own sound, or the backup in its place. */
function soundOf({ verdict: { sound, standIn } }: PlannedLine): PassedSound | null {
  return sound ?? standIn ?? null
}

function playOf({ planned, start, end }: Sounding): PlannedPlay[] {
  const { line, times } = planned
  const sound = soundOf(planned)
  if (sound === null || end <= start) return []
  return [{
    lineId: line.id, broadcastDate: line.broadcastDate, itemId: sound.itemId, title: sound.title, sha256: sound.sha256, pcm: sound.pcm, gainDb: sound.gainDb, startAt: instantOf(start), playSamples: samples(Math.min(end - start, sound.pcm.length)),
    chainStart: times.byClock, cut: times.cut, targetUnitIds: line.targetUnitIds, ...(line.bus === 'main' ? {} : { bus: line.bus }),
  }]
}

/**
 * Where the chain of each line ends, in wall samples. An ended line stays in the plan while its chain sounds: devices know the chain by its first
 * line, and would begin anew, rounded to a second, if another became the first.
 */
function chainEndsOf(lines: readonly PlannedLine[]): (number | null)[] {
  const ends: (number | null)[] = []
  for (let index = lines.length - 1; index >= 0; index--) {
    const { end } = lines[index]?.times ?? { end: null }
    const after = lines[index + 1]?.line.timing.kind === 'follow' ? (ends[index + 1] ?? null) : null
    ends[index] = end === null ? after : Math.max(end, after ?? end)
  }
  return ends
}
