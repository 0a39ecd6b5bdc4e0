import type { PlayoutLine } from '#common/playout/index.ts'
import { samples } from '#common/units/samples.ts'
import type { AirProgramme } from '../../../main/station/air/programme.ts'

/** A line of a test: `level` names it and is what it sounds. Positions are bus samples. */
export interface Play {
  readonly level: number
  readonly title: string
  readonly at: number
  readonly length: number
  readonly chainStart: boolean
  /** Whatever else the line is to have. */
  readonly line?: Partial<PlayoutLine>
}

export const play = (level: number, at: number, length: number, more: Partial<Play> = {}): Play => ({ level, title: `${level}`, at, length, chainStart: true, ...more })

/** What the gate would have made of it. */
export function programmeOf(plays: readonly Play[], zeroMs: number): AirProgramme {
  const wall = zeroMs * 48
  return {
    slots: [], fill: [], days: [{ logId: '2026-11-21', broadcastDate: '2026-11-21', startsAt: wall - 48 * 3_600_000, endsAt: wall + 48 * 86_400_000 }],
    lines: plays.map(({ level, title, at, length, chainStart, line }) => ({
      bus: 'main', title, itemId: `item${level}`, relaySourceId: null, backups: [], targetUnitIds: [],
      sound: { itemId: `item${level}`, title, sha256: '0'.repeat(64), pcm: { path: `${level}`, format: 'int16', channels: 2, dataOffsetBytes: 44, length: samples(length) }, gainDb: 0, markers: null, content: 'programme' },
      line: {
        id: `line${level}`, itemId: `item${level}`, logId: '2026-11-21', rev: 1, broadcastDate: '2026-11-21', slotId: null, kind: 'audio', timing: chainStart ? { kind: 'hard', at: wall + at, onReach: { kind: 'cut' } } : { kind: 'follow' }, transition: 'play',
        lateMaxMs: null, after: 'join', plannedStart: wall + at, protected: false, droppable: false, fillPriority: 0, dropped: false, skip: false, state: 'ok', priority: 3, content: 'programme', newsBlockId: null, stretchable: false, lengthSamples: length,
        endless: false, endAt: null, markers: null, hitPost: false, ...line,
      },
    })),
  }
}
