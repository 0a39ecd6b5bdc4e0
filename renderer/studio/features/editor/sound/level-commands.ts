import type { Edl } from '#common/edl/index.ts'
import type { SoundReport } from '#contract/sound.ts'
import type { SingleCommand } from '../session.ts'

/** A report of the station as edits: static gains stored with what was measured, and the master's limiter when one of them passes the ceiling. */
export function levelCommands(report: SoundReport, edl: Edl): SingleCommand[] {
  if (report.kind === 'project') return [{ op: 'setMaster', ...report.master }]
  if (report.kind !== 'clips') return []
  const { ceilingDbtp } = report.standard
  const commands = report.rows.flatMap(({ key, outcome, gainDb, before: { integratedLufs, rangeLu, truePeakDbtp } }): SingleCommand[] => (
    outcome === 'undefined' || integratedLufs === null || truePeakDbtp === null ? [] : [{ op: 'level', clipId: key, gainDb, loudness: { integratedLufs, rangeLu: rangeLu ?? 0, truePeakDbtp } }]
  ))
  const needsLimiter = report.rows.some(({ outcome }) => outcome === 'limited') && !(edl.master.limiter && edl.master.ceilingDbtp <= ceilingDbtp)
  return needsLimiter ? [...commands, { op: 'setMaster', gainDb: edl.master.gainDb, limiter: true, ceilingDbtp }] : commands
}
