import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import type { Happened, Plan, PlayoutLine, PlayoutSlot, SequencerInput } from '#common/playout/index.ts'
import { sequence } from '#common/playout/index.ts'
import { DAY, fill, hard, inputOf, line, markers, minutes, notBefore, played, playing, randomOf, seconds, slot, soft } from '../support/playout.ts'

/**
 * The whole day worked out anew, 10 000 lines of it: slots, timed lines of every kind, overlaps, fill and the solver at every fixed point, with
 * the past of the day behind it. Once after an edit (a new list, so that nothing is known of it) and once after a start (the same list). The
 * slower of the two is the figure: the median of many, in the best of several rounds, since the computer is shared. No peer publishes one; beside
 * it stands the bar of the reference, 16 ms.
 *
 *   npm run bench -- replan [--lines 10000] [--rounds 8]
 */
const BAR_MS = 16
const PER_SLOT = 100
const IN_A_ROUND = 15

const { values } = parseArgs({ options: { lines: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '8' } } })
const count = Number(values.lines)
const rounds = Number(values.rounds)
if (!Number.isInteger(count) || count < PER_SLOT || !Number.isInteger(rounds) || rounds < 1) throw new RangeError(`--lines takes a number of at least ${PER_SLOT}, --rounds one above 0`)

/** A day that is full to the second: each slot has its hard start, soft and not-before lines, and more or less to play than fits. */
function makeDay(): { lines: PlayoutLine[]; slots: PlayoutSlot[]; past: Map<string, Happened> } {
  const random = randomOf(1)
  const length = Math.floor(minutes(24 * 60) / count)
  const lines: PlayoutLine[] = []
  const slots: PlayoutSlot[] = []
  const past = new Map<string, Happened>()
  const now = DAY.startsAt + length * Math.floor(count / 50)
  for (let index = 0; index < count; index++) {
    const at = DAY.startsAt + index * length
    const place = index % PER_SLOT
    if (place === 0) slots.push(slot(`s${index}`, at, Math.min(DAY.endsAt, at + length * PER_SLOT)))
    const own = Math.max(seconds(1), length - seconds(0.4) + random(seconds(0.8)))
    lines.push(line(`l${index}`, own, {
      slotId: slots.at(-1)?.id ?? null, timing: place === 0 ? hard(at) : place === 40 ? soft(at, 60, 60) : place === 70 ? notBefore(at - seconds(5)) : { kind: 'follow' }, transition: index % 2 === 0 ? 'segue' : 'play', plannedStart: at,
      protected: index % 3 === 0, droppable: index % 3 !== 0, fillPriority: index % 7, priority: index % 4 === 0 ? 2 : 3, content: index % 4 === 0 ? 'music' : 'programme', ...(index % 3 === 0 ? { markers: markers({ segueStart: own - seconds(0.5), segueEnd: own - seconds(0.1) }) } : {}),
    }))
    if (at + length <= now) past.set(`l${index}`, played(`l${index}`, at, at + length))
    else if (at <= now) past.set(`l${index}`, playing(`l${index}`, at))
  }
  return { lines, slots, past }
}

const { lines, slots, past } = makeDay()
const now = DAY.startsAt + Math.floor(minutes(24 * 60) / count) * Math.floor(count / 50)
const days = [DAY]
const fills = Array.from({ length: 40 }, (_, index) => fill(`f${index}`, seconds(5 + index * 3), { fadesAnywhere: index % 9 === 0 }))
let plan: Plan | null = null

function once(kind: 'edit' | 'start', turn: number): number {
  const input: SequencerInput = inputOf({ now: now + turn * 480, lines: kind === 'edit' ? [...lines] : lines, slots, days, happened: past, fill: fills, solved: plan?.solver.flatMap(({ changes }) => changes) ?? [] })
  const begin = performance.now()
  plan = sequence(input)
  return performance.now() - begin
}

function median(kind: 'edit' | 'start'): number {
  const times = Array.from({ length: IN_A_ROUND }, (_, turn) => once(kind, turn)).toSorted((a, b) => a - b)
  return times[times.length >> 1] ?? Number.NaN
}

const found = { edit: Number.POSITIVE_INFINITY, start: Number.POSITIVE_INFINITY }
for (let round = 0; round < rounds; round++) for (const kind of ['edit', 'start'] as const) found[kind] = Math.min(found[kind], median(kind))
console.error(`${count} lines, ${slots.length} slots, ${plan === null ? 0 : (plan as Plan).solver.length} plans of the solver; after an edit ${found.edit.toFixed(1)} ms, after a start ${found.start.toFixed(1)} ms`)
const value = Math.round(Math.max(found.edit, found.start) * 1000) / 1000
console.log(JSON.stringify({ bench: 'replan', figure: `replan_${count}_lines_ms`, value, unit: 'ms', versus: BAR_MS, ratio: Math.round((value / BAR_MS) * 1000) / 1000 }))
