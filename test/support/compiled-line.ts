import { wallSamples } from '#common/playout/index.ts'
import type { CompiledLine, PcmFile } from '../../main/station/faces.ts'

/** One line that starts hard at `at` (UTC ms) on the first bus, as the log would hand it to the air. */
export function hardLine(sound: { id: string; itemId: string; title: string; sha256: string; pcm: PcmFile; at: number; broadcastDate: string }): CompiledLine {
  const { id, itemId, title, sha256, pcm, at, broadcastDate } = sound
  return {
    bus: 'main', title, itemId, relaySourceId: null, backups: [], targetUnitIds: [], sound: { itemId, title, sha256, pcm, gainDb: 0, markers: null, content: 'programme' },
    line: {
      id, itemId, logId: broadcastDate, rev: 1, broadcastDate, slotId: null, kind: 'audio', timing: { kind: 'hard', at: wallSamples(at), onReach: { kind: 'cut' } }, transition: 'play', lateMaxMs: null, after: 'join', plannedStart: null,
      protected: false, droppable: false, fillPriority: 0, dropped: false, skip: false, state: 'ok', priority: 3, content: 'programme', newsBlockId: null, stretchable: false, lengthSamples: pcm.length, endless: false, endAt: null, markers: null, hitPost: false,
    },
  }
}
