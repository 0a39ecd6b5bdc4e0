import type { FillItem, PlayoutLine, PlayoutSlot } from '#common/playout/index.ts'
import { samples } from '#common/units/samples.ts'
import type { AirProgramme } from '../../../main/station/air/programme.ts'

/** A line of a test: `level` names it and is what it sounds. Positions are bus samples. */
export interface Play {
  readonly level: number
  readonly title: string
  readonly at: number
  readonly length: number
  readonly chainStart: boolean
  /** What may play when it cannot. */
  readonly backups?: readonly Fill[]
  /** Whatever else the line is to have. */
  readonly line?: Partial<PlayoutLine>
}

export const play = (level: number, at: number, length: number, more: Partial<Play> = {}): Play => ({ level, title: `${level}`, at, length, chainStart: true, ...more })

/** What may fill a hole of a test; it sounds its level too. */
export interface Fill {
  readonly level: number
  readonly length: number
  readonly item?: Partial<FillItem>
}
/** Positions are bus samples. */
export interface Slot extends Partial<Omit<PlayoutSlot, 'startAt' | 'endAt' | 'closing'>> {
  readonly id: string
  readonly from: number
  readonly until: number
  readonly closing?: Fill
  /** What may stand in for what is due. */
  readonly backups?: readonly Fill[]
}

const soundOf = (level: number, title: string, length: number) => ({
  itemId: `item${level}`, title, sha256: `${level}`.padStart(64, '0'), pcm: { path: `${level}`, format: 'int16' as const, channels: 2, dataOffsetBytes: 44, length: samples(length) }, gainDb: 0, markers: null, content: 'programme' as const,
})
const fillOf = ({ level, length, item }: Fill): FillItem => ({ id: `item${level}`, fillGroup: null, lengthSamples: length, markers: null, content: 'music', fadesAnywhere: false, ...item })

/** What the gate would have made of it. */
export function programmeOf(plays: readonly Play[], zeroMs: number, more: { readonly slots?: readonly Slot[]; readonly fill?: readonly Fill[] } = {}): AirProgramme {
  const wall = zeroMs * 48
  const { slots = [], fill = [] } = more
  const closings = slots.flatMap(({ closing }) => (closing === undefined ? [] : [closing]))
  return {
    slots: slots.map(({ from, until, closing, backups = [], ...slot }) => ({
      bus: 'main', title: slot.id, backups: backups.map(({ level, length }) => soundOf(level, `${level}`, length)),
      slot: { broadcastDate: '2026-11-21', startAt: wall + from, endAt: wall + until, onOverrun: 'cut', maxOverrunMs: 0, onUnderrun: 'fill', fillGroup: null, ruleEndAt: null, ...slot, closing: closing === undefined ? null : fillOf(closing) },
    })),
    fill: [...fill, ...closings].map((one) => ({ item: fillOf(one), sound: soundOf(one.level, `${one.level}`, one.length) })),
    days: [{ logId: '2026-11-21', broadcastDate: '2026-11-21', startsAt: wall - 48 * 3_600_000, endsAt: wall + 48 * 86_400_000 }],
    lines: plays.map(({ level, title, at, length, chainStart, line, backups = [] }) => ({
      bus: 'main', title, itemId: `item${level}`, relaySourceId: null, backups: backups.map((one) => soundOf(one.level, `${one.level}`, one.length)), targetUnitIds: [],
      sound: soundOf(level, title, length),
      line: {
        id: `line${level}`, itemId: `item${level}`, logId: '2026-11-21', rev: 1, broadcastDate: '2026-11-21', slotId: null, kind: 'audio', timing: chainStart ? { kind: 'hard', at: wall + at, onReach: { kind: 'cut' } } : { kind: 'follow' }, transition: 'play',
        lateMaxMs: null, after: 'join', plannedStart: wall + at, protected: false, droppable: false, fillPriority: 0, dropped: false, skip: false, state: 'ok', priority: 3, content: 'programme', newsBlockId: null, stretchable: false, lengthSamples: length,
        endless: false, endAt: null, markers: null, hitPost: false, ...line,
      },
    })),
  }
}
