import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { PlayoutLine, PlayoutMode, PlayoutSlot, PlayoutTiming } from '#common/playout/index.ts'
import { backtimed, DAY, fill, hard, line, markers, minutes, notBefore, press, seconds, slot, soft, T } from '../../support/playout.ts'
import { SimulatedBus, silenceOf } from '../../support/simulated-bus.ts'

/** Of what a key ends: 150 ms. */
const CUT_FADE = 7_200

/** What must hold whatever happens: one main source outside a hand-over, each start once, nothing due lost without a word, rows as heard. */
function expectInvariants(bus: SimulatedBus, options: { interrupted?: ReadonlySet<string>; silence?: boolean; now?: number } = {}): void {
  const { rows, heard } = bus
  const sounded = rows.filter((row) => row.sounded && (row.until ?? bus.at) !== row.from)
  expect(heard.map(({ lineId, from, until, item }) => [lineId, from, until, item])).toEqual(sounded.map((row) => [row.lineId, row.from, row.until ?? bus.at, row.placement.from]))
  const starts = new Map<string, number>()
  for (const { lineId } of sounded) starts.set(lineId, (starts.get(lineId) ?? 0) + 1)
  for (const [lineId, count] of starts) if (count > 1 && options.interrupted?.has(lineId) !== true) expect.fail(`${lineId} began ${count} times`)
  for (const [index, piece] of heard.entries()) {
    const overlapping = heard.slice(index + 1).filter((other) => other.from < piece.until)
    // Keys pressed within one fade of each other: what came between is on its way out itself.
    const staying = overlapping.filter(({ until, row }) => row.stopReason !== 'operatorSkip' || until - piece.until > CUT_FADE)
    if (staying.length > 1) expect.fail(`${piece.lineId}, ${overlapping.map(({ lineId }) => lineId).join(', ')} sound at once`)
    if (overlapping.length === 1 && ![null, 'segued', 'operatorSkip', 'preempted', 'unclean', 'engineStop'].includes(piece.row.stopReason)) expect.fail(`${piece.lineId} (${piece.row.stopReason}) sounds under ${overlapping[0]?.lineId}`)
  }
  for (const row of sounded) {
    const { timing } = bus.lines.find(({ id }) => id === row.lineId) ?? { timing: { kind: 'follow' as const } }
    const earliest = timing.kind === 'hard' || timing.kind === 'notBefore' ? timing.at : timing.kind === 'soft' ? timing.at - timing.earlyMs * 48 : Number.NEGATIVE_INFINITY
    if (bus.mode === 'auto' && row.placement.startSource === 'time' && row.wall < earliest) expect.fail(`${row.lineId} began before its time`)
  }
  // A line of the log is to come, has sounded, or says why not.
  for (const placement of bus.plan.placements) {
    if (placement.sounds || placement.status === 'finished' || placement.status === 'failed') continue
    if (placement.editCode === 'none') expect(['onlyText', 'follows', 'noAnchor', 'waitsForEnd']).toContain(placement.reason)
  }
}

const S = (set: Partial<PlayoutLine>): Partial<PlayoutLine> => ({ slotId: 's', ...set })
const fills = [fill('song', seconds(70)), fill('bed', minutes(10), { fadesAnywhere: true })]

interface Row {
  readonly id: string
  readonly timing: PlayoutTiming
  /** Seconds that P goes on after T. */
  readonly overrun: number
  readonly length: number
}
const E = T + seconds(90)
const table: readonly Row[] = [
  { id: 'R1', timing: { kind: 'follow' }, overrun: -20, length: 30 }, { id: 'R2', timing: { kind: 'follow' }, overrun: 20, length: 30 }, { id: 'R3', timing: { kind: 'follow' }, overrun: 0, length: 2000 }, { id: 'R4', timing: { kind: 'follow' }, overrun: -40, length: 5 },
  { id: 'C1', timing: hard(T), overrun: -20, length: 30 }, { id: 'C2', timing: hard(T), overrun: 20, length: 30 }, { id: 'C3', timing: hard(T), overrun: 20, length: 2000 }, { id: 'C4', timing: hard(T), overrun: 20, length: 5 },
  { id: 'M1', timing: hard(T, 'makeNext'), overrun: -20, length: 30 }, { id: 'M2', timing: hard(T, 'makeNext'), overrun: 20, length: 30 }, { id: 'M4', timing: hard(T, 'makeNext'), overrun: 20, length: 2000 },
  { id: 'W1', timing: hard(T, 10), overrun: -20, length: 30 }, { id: 'W2', timing: hard(T, 10), overrun: 5, length: 30 }, { id: 'W3', timing: hard(T, 10), overrun: 30, length: 30 }, { id: 'W5', timing: hard(T, 10), overrun: 5, length: 2000 },
  { id: 'S1', timing: soft(T, 10, 10), overrun: 5, length: 30 }, { id: 'S2', timing: soft(T, 5, 5), overrun: -30, length: 30 }, { id: 'S3', timing: soft(T, 5, 5), overrun: 40, length: 30 }, { id: 'S4', timing: soft(T, 5, 5), overrun: 0, length: 2000 },
  { id: 'B1', timing: notBefore(T), overrun: -20, length: 30 }, { id: 'B2', timing: notBefore(T), overrun: 20, length: 30 }, { id: 'B3', timing: notBefore(T), overrun: 20, length: 2000 },
  { id: 'K1', timing: backtimed(E), overrun: -20, length: 90 }, { id: 'K2', timing: backtimed(E), overrun: 20, length: 90 }, { id: 'K3', timing: backtimed(E, 'join', 'makeNext'), overrun: 20, length: 90 }, { id: 'K4', timing: backtimed(E), overrun: 0, length: 100 }, { id: 'K5', timing: backtimed(E), overrun: 0, length: 70 },
]

const logOf = (row: Row, set: Partial<PlayoutLine> = {}): PlayoutLine[] => [
  line('p', seconds(120 + row.overrun), S({ timing: hard(T - seconds(120)) })),
  ...(row.timing.kind === 'hard' || row.timing.kind === 'soft' ? [line('q', seconds(15), S({}))] : []),
  line('n', seconds(row.length), S({ timing: row.timing, ...set })), line('o', seconds(30), S({ transition: 'segue', markers: markers({ segueStart: seconds(26), segueEnd: seconds(29) }) })), line('r', seconds(30), S({ transition: 'segue' })), line('h', seconds(60), S({ timing: hard(T + minutes(10)) })),
]
const slots: readonly PlayoutSlot[] = [slot('s', T - seconds(120), T + minutes(12))]
const phases = [['not armed', -60], ['armed', -4], ['grace running', 3], ['playing', 14], ['done', 400]] as const

const actions: Record<string, (bus: SimulatedBus, row: Row) => ReadonlySet<string>> = {
  'manual start': (bus) => {
    bus.press(press({ kind: 'nextNow', at: bus.now, lineId: null, rev: null }))
    return new Set()
  },
  edit: (bus, row) => {
    bus.load({ lines: logOf(row, { rev: 2, lengthSamples: seconds(row.length + 11) }) })
    return new Set()
  },
  delete: (bus) => {
    bus.load({ lines: bus.lines.filter(({ id }) => id !== 'n') })
    return new Set()
  },
  'mode change': (bus) => {
    bus.setMode('assist')
    bus.playTo(bus.now + seconds(7))
    bus.setMode('manual')
    bus.playTo(bus.now + seconds(7))
    bus.setMode('auto')
    return new Set()
  },
  'log change': (bus) => {
    bus.load({ lines: bus.lines.map((one) => ({ ...one, rev: one.rev + 1 })), slots: bus.slots.map((one) => ({ ...one })), days: bus.days.map((one) => ({ ...one })) })
    return new Set()
  },
  preemption: (bus) => {
    const interrupted = new Set(bus.onAir)
    bus.take()
    bus.playTo(bus.now + seconds(25))
    bus.release()
    return interrupted
  },
}

describe('every row of the truth table, in every state, under everything that may happen to it', () => {
  const cases = Object.keys(actions).flatMap((action) => phases.map(([phase, at]) => [action, phase, at] as const))
  it.each(cases)('%s while %s', (action, _phase, at) => {
    for (const row of table) {
      for (const after of ['join', 'restart', 'resume', 'skip'] as const) {
        if (after !== 'join' && action !== 'preemption') continue
        const bus = new SimulatedBus(T - seconds(121), { lines: logOf(row).map((one) => ({ ...one, after })), slots, days: [DAY], fill: fills })
        bus.playTo(T + seconds(at))
        const interrupted = actions[action]?.(bus, row) ?? new Set()
        bus.playTo(T + minutes(15))
        expectInvariants(bus, { interrupted })
        // The hard line at the end has its time whatever came before, unless it was started by hand.
        const h = bus.rows.find(({ lineId }) => lineId === 'h')
        if (h?.placement.startSource !== 'manual') expect([row.id, h?.wall, h?.sounded]).toEqual([row.id, T + minutes(10), true])
        // Unplanned silence in an open slot: less than 2 s, beside the time someone else had the bus.
        if (action !== 'mode change') expect([row.id, silenceOf(bus.rows, T - seconds(120), T + minutes(12)) - (action === 'preemption' ? seconds(25) : 0) < seconds(2)]).toEqual([row.id, true])
        const edited = new Set(bus.rows.map(({ lineId }) => lineId))
        for (const { id } of bus.lines) if (!edited.has(id)) expect([row.id, id, bus.plan.placements.find(({ lineId }) => lineId === id)?.editCode]).not.toEqual([row.id, id, 'none'])
      }
    }
  })
  it('a grace that runs when the mode leaves auto cuts nothing, and its banner dies with its line', () => {
    const row = table.find(({ id }) => id === 'W3')
    if (row === undefined) throw new Error('no row')
    const bus = new SimulatedBus(T - seconds(121), { lines: logOf(row), slots, days: [DAY], fill: fills })
    bus.playTo(T + seconds(3))
    bus.setMode('assist')
    expect(bus.plan.banners.map(({ id, kind }) => [id, kind])).toContainEqual(['log:n:1', 'grace'])
    bus.playTo(T + seconds(20))
    expect(bus.onAir).toEqual(['p'])
    bus.load({ lines: bus.lines.filter(({ id }) => id !== 'n') })
    expect(bus.plan.banners.some(({ lineId }) => lineId === 'n')).toBe(false)
  })
})

const timing = fc.oneof(
  { weight: 5, arbitrary: fc.constant<PlayoutTiming>({ kind: 'follow' }) },
  { weight: 2, arbitrary: fc.tuple(fc.integer({ min: 0, max: 1700 }), fc.constantFrom<'cut' | 'makeNext' | number>('cut', 'makeNext', 20)).map(([at, reach]) => hard(T + seconds(at), reach)) },
  { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 0, max: 1700 }), fc.integer({ min: 0, max: 60 }), fc.constantFrom('closest' as const, 'over' as const, 'under' as const)).map(([at, late, prefer]) => soft(T + seconds(at), 20, late, prefer)) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 1700 }).map((at) => notBefore(T + seconds(at))) },
  { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 300, max: 1800 }), fc.constantFrom('join' as const, 'trimEnd' as const, 'skip' as const), fc.constantFrom<'cut' | 'makeNext'>('cut', 'makeNext')).map(([at, onLate, reach]) => backtimed(T + seconds(at), onLate, reach)) },
)
const lineSpec = fc.record({
  length: fc.oneof({ weight: 1, arbitrary: fc.integer({ min: 0, max: 48_000 }) }, { weight: 6, arbitrary: fc.integer({ min: 1, max: seconds(240) }) }), timing, transition: fc.constantFrom('play' as const, 'play' as const, 'segue' as const, 'segue' as const, 'stop' as const),
  after: fc.constantFrom('join' as const, 'restart' as const, 'resume' as const, 'skip' as const), state: fc.constantFrom('ok' as const, 'ok' as const, 'ok' as const, 'ok' as const, 'noTake' as const), kind: fc.constantFrom('audio' as const, 'audio' as const, 'audio' as const, 'audio' as const, 'note' as const, 'command' as const, 'live' as const),
  segue: fc.option(fc.tuple(fc.nat(1000), fc.nat(1000))), droppable: fc.boolean(), dropped: fc.boolean(), fillPriority: fc.nat(5), inSlot: fc.constantFrom(0, 1, 2), lateMax: fc.option(fc.integer({ min: 0, max: 300_000 })), content: fc.constantFrom('programme' as const, 'voice' as const, 'music' as const),
})
function makeLine(spec: typeof lineSpec extends fc.Arbitrary<infer Spec> ? Spec : never, index: number): PlayoutLine {
  const at = (share: number): number => Math.round((spec.length * share) / 1000)
  return line(`l${index}`, spec.length, {
    timing: spec.timing, transition: spec.transition, after: spec.after, state: spec.state, kind: spec.kind, droppable: spec.droppable, protected: !spec.droppable, dropped: spec.droppable && spec.dropped, fillPriority: spec.fillPriority, lateMaxMs: spec.lateMax, content: spec.content,
    slotId: spec.inSlot === 0 ? null : `s${spec.inSlot}`, markers: spec.segue === null ? null : markers({ introEnd: at(Math.min(200, spec.segue[0])), segueStart: at(spec.segue[0]), segueEnd: at(Math.max(spec.segue[0], spec.segue[1])) }),
  })
}

const step = fc.record({ wait: fc.integer({ min: 0, max: seconds(200) }), what: fc.constantFrom('nothing', 'go', 'nextNow', 'makeNext', 'skip', 'stop', 'goToNow', 'assist', 'manual', 'auto', 'edit', 'delete', 'insert', 'take', 'release', 'kill', 'forward', 'back'), which: fc.nat(30) })

describe('whatever log, whatever happens', () => {
  it('one main source, each start once, nothing lost without a word, and what was heard is what was written', () => {
    fc.assert(fc.property(fc.array(lineSpec, { minLength: 1, maxLength: 14 }), fc.array(step, { maxLength: 12 }), fc.constantFrom<PlayoutMode>('auto', 'auto', 'assist', 'manual'), (specs, steps, mode) => {
      const bus = new SimulatedBus(T - seconds(5), {
        mode, lines: specs.map(makeLine), days: [DAY], fill: fills, slots: [slot('s1', T, T + minutes(10), { onOverrun: 'finish', maxOverrunMs: 30_000 }), slot('s2', T + minutes(10), T + minutes(30), { onUnderrun: 'close', closing: fill('ident', seconds(6)) })],
      })
      const interrupted = new Set<string>()
      let added = 100
      for (const [index, { wait, what, which }] of steps.entries()) {
        bus.playTo(bus.now + wait)
        const target = bus.lines[which % Math.max(1, bus.lines.length)]
        const key = { id: `k${index}`, at: bus.now }
        const named = { lineId: which % 2 === 0 ? (target?.id ?? null) : null, rev: null }
        for (const id of bus.onAir) if (what === 'take' || what === 'kill' || what === 'forward') interrupted.add(id)
        if (what === 'go' || what === 'nextNow') bus.press({ ...key, kind: what, ...named })
        else if (what === 'makeNext' || what === 'skip') bus.press({ ...key, kind: what, lineId: target?.id ?? 'none', rev: null })
        else if (what === 'stop' || what === 'goToNow') bus.press({ ...key, kind: what })
        else if (what === 'assist' || what === 'manual' || what === 'auto') bus.setMode(what)
        else if (what === 'edit') bus.load({ lines: bus.lines.map((one) => (one === target ? { ...one, rev: one.rev + 1, transition: 'segue', lengthSamples: one.lengthSamples + seconds(which) } : one)) })
        else if (what === 'delete') bus.load({ lines: bus.lines.filter((one) => one !== target) })
        else if (what === 'insert') bus.load({ lines: bus.lines.toSpliced(which % (bus.lines.length + 1), 0, line(`l${added++}`, seconds(which + 1))) })
        else if (what === 'take' && bus.hold === null) bus.take()
        else if (what === 'release') bus.release()
        else if (what === 'kill' && bus.hold === null) bus.kill(seconds(which * 4))
        else if (what === 'forward' && bus.hold === null) bus.stepClock(seconds(which * 10))
        else if (what === 'back' && bus.hold === null) bus.stepClock(-seconds(which * 10))
        expectInvariants(bus, { interrupted })
      }
      bus.playTo(bus.now + minutes(40))
      expectInvariants(bus, { interrupted })
    }), { numRuns: 250 })
  })
})
