import type { ContentItem, EmergencySet, ScheduleSlot, SlotPlay } from '#common/letters/index.ts'
import type { PlannedPlay } from '../../faces.ts'
import type { StoredContent } from '../listener/content.ts'

/** A stretch of the plan that goes to the same devices without a gap. */
interface Run { readonly plays: PlannedPlay[]; readonly targets: string }

export interface CompileInput {
  readonly plays: readonly PlannedPlay[]
  readonly now: number
  /** Wall time `YYYY-MM-DDTHH:MM:SS` of an instant in the station's zone. */
  localTime(at: number): string
  instantText(at: number): string
  /** Groups of the units a line is for; none given = everybody. */
  groupsOf(unitIds: readonly string[]): readonly string[]
  /** The encoded form of a play's sound; null when it is not ready yet. */
  contentOf(play: PlannedPlay): StoredContent | null
  itemOf(content: StoredContent, keep: ContentItem['keep'], until?: string): ContentItem
  readonly emergency: { readonly set: EmergencySet; readonly content: readonly StoredContent[] }
  /** What devices hold now: a slot that is sounding stays even when the plan has moved past it. */
  readonly before: readonly ScheduleSlot[]
  /** Instant of a slot of `before`. */
  slotStart(slot: ScheduleSlot): number
}
export interface Compiled { readonly items: ContentItem[]; readonly sched: ScheduleSlot[]; readonly missing: PlannedPlay[]; readonly validTo: number }

/** Priority of the station's own programmes (BS1 8). */
const PROGRAMME_PRIO = 3
const DAY_MS = 86_400_000

/** Plan → schedule of the devices. A chain of lines becomes one slot whose plays follow each other; a chain that is cut by the next hard line ends hard. Pure. */
export function compileManifest(input: CompileInput): Compiled {
  const missing: PlannedPlay[] = []
  const used = new Map<string, { content: StoredContent; until: number }>()
  const sched: ScheduleSlot[] = []
  let validTo = input.now + 7 * DAY_MS
  for (const run of runsOf(input.plays)) {
    const first = run.plays[0]
    const last = run.plays.at(-1)
    if (first === undefined || last === undefined) continue
    const endAt = endOf(last)
    if (endAt <= input.now) continue
    const contents = run.plays.map((play) => ({ play, content: input.contentOf(play) }))
    const late = contents.filter(({ content }) => content === null)
    if (late.length > 0) {
      missing.push(...late.map(({ play }) => play))
      continue
    }
    const plays: SlotPlay[] = []
    for (const { play, content } of contents) {
      if (content === null) continue
      const until = Math.max(used.get(content.sha256)?.until ?? 0, endAt + DAY_MS)
      used.set(content.sha256, { content, until })
      plays.push({
        item: content.sha256, ...(play.playSamples < play.pcm.length ? { toMs: Math.max(1, Math.round(play.playSamples / 48)) } : {}),
        ...(play.gainDb === 0 ? {} : { gainDb: Math.round(Math.min(12, Math.max(-40, play.gainDb)) * 100) / 100 }),
      })
    }
    validTo = Math.max(validTo, endAt + DAY_MS)
    // Slots start on whole seconds of wall time; hard lines are whole seconds too.
    const startAt = Math.round(first.startAt / 1000) * 1000
    const groups = input.groupsOf(first.targetUnitIds)
    sched.push({
      slot: first.lineId, title: run.plays.map((play) => play.title).join(' · ').slice(0, 200), kind: 'audio', ...(groups.length === 0 ? {} : { groups }), start: input.localTime(startAt),
      durSec: Math.max(1, last.cut ? Math.round((endAt - startAt) / 1000) : Math.ceil((endAt - startAt) / 1000)), prio: PROGRAMME_PRIO, play: plays, volume: { mode: 'device' },
      lateMaxSec: Math.max(1, Math.ceil((endAt - startAt) / 1000)), hardEnd: last.cut, after: 'join', sync: 'wan',
    })
  }
  for (const slot of soundingStill(input, sched)) {
    sched.push(slot)
    for (const play of slot.play ?? []) validTo = Math.max(validTo, input.now + DAY_MS, used.get(play.item)?.until ?? 0)
  }
  sched.sort((a, b) => (a.start === b.start ? (a.slot < b.slot ? -1 : 1) : a.start < b.start ? -1 : 1))
  const items = [...used.values()].map(({ content, until }) => input.itemOf(content, 'until', input.instantText(until)))
  const pinned = input.emergency.content.map((content) => input.itemOf(content, 'pin'))
  const all = new Map([...items, ...pinned].map((item) => [item.sha256, item]))
  return { items: [...all.values()].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)), sched, missing, validTo }
}

function endOf(play: PlannedPlay): number {
  return play.startAt + play.playSamples / 48
}

function runsOf(plays: readonly PlannedPlay[]): Run[] {
  const runs: Run[] = []
  for (const play of plays) {
    const targets = [...play.targetUnitIds].sort().join(' ')
    const run = runs.at(-1)
    const before = run?.plays.at(-1)
    // Half a millisecond: sample positions rounded to clock values.
    if (run !== undefined && before !== undefined && !play.chainStart && run.targets === targets && Math.abs(endOf(before) - play.startAt) < 0.5) run.plays.push(play)
    else runs.push({ plays: [play], targets })
  }
  return runs
}

/** Slots of the former manifest that sound now and are not in the new plan any more, shortened where something new starts for the same devices. */
function soundingStill(input: CompileInput, sched: readonly ScheduleSlot[]): ScheduleSlot[] {
  const known = new Set(sched.map((slot) => slot.slot))
  const kept: ScheduleSlot[] = []
  for (const slot of input.before) {
    const startAt = input.slotStart(slot)
    if (known.has(slot.slot) || startAt > input.now || startAt + slot.durSec * 1000 <= input.now) continue
    const next = Math.min(...sched.filter((other) => overlap(other, slot)).map((other) => input.slotStart(other)).filter((at) => at > startAt), startAt + slot.durSec * 1000)
    const durSec = Math.max(1, Math.round((next - startAt) / 1000))
    kept.push(durSec < slot.durSec ? { ...slot, durSec, hardEnd: true } : slot)
  }
  return kept
}

function overlap(a: ScheduleSlot, b: ScheduleSlot): boolean {
  return a.groups === undefined || b.groups === undefined || a.groups.some((group) => b.groups?.includes(group))
}
