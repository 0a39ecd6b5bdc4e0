import type { Clip } from '#common/edl/index.ts'
import { decibelText } from '../../../i18n/formats.ts'
import { translate } from '../../../i18n/index.ts'
import { showDone } from '../../../app/errors/index.ts'
import { call } from '../../../app/station-client/index.ts'
import { editorNow, showEditor } from '../editor-store.ts'
import { finishedJob } from '../parts/finished-job.ts'
import { applyAll } from '../session.ts'
import type { SingleCommand } from '../session.ts'
import { clipsAtHand, nothingChosen } from './at-hand.ts'

/** "Chuẩn hóa" by one key: measured at the station, a static gain per clip, one step of the history, and what was done is said. */
export async function levelAtHand(): Promise<void> {
  const { project } = editorNow()
  const clips = clipsAtHand()
  if (project === null || clips.length === 0) return nothingChosen()
  const items = new Map(project.edl.sources.map((source) => [source.id, source.itemId]))
  const { jobId } = await call('sound.measureClips', { title: project.title, standard: null, parts: clips.map((clip) => ({ key: clip.id, itemId: items.get(clip.sourceId) ?? '', offset: clip.offset, length: clip.length })) })
  showEditor({ said: translate('editor.level.measuring', { count: clips.length }) })
  await finishedJob(jobId)
  const report = await call('sound.report', { jobId })
  if (report.kind !== 'clips') return
  const byId = new Map(clips.map((clip): [string, Clip] => [clip.id, clip]))
  const commands = report.rows.flatMap((row): SingleCommand[] => {
    const { integratedLufs, rangeLu, truePeakDbtp } = row.before
    if (row.outcome === 'undefined' || byId.get(row.key) === undefined || integratedLufs === null || truePeakDbtp === null) return []
    return [{ op: 'level', clipId: row.key, gainDb: Math.max(-60, Math.min(24, row.gainDb)), loudness: { integratedLufs, rangeLu: rangeLu ?? 0, truePeakDbtp } }]
  })
  const limited = report.rows.filter((row) => row.outcome === 'limited').length
  const unknown = report.rows.filter((row) => row.outcome === 'undefined').length
  if (commands.length > 0 && !(await applyAll(commands, 'levelAll'))) return
  const [only] = report.rows
  const text = report.rows.length === 1 && only !== undefined && only.outcome !== 'undefined'
    ? translate('editor.level.one', { gain: decibelText(only.gainDb), lufs: decibelText(only.after.integratedLufs), peak: decibelText(only.after.truePeakDbtp) })
    : translate('editor.level.many', { count: commands.length, unknown })
  const more = limited > 0 ? ` ${translate('editor.level.limited', { count: limited })}` : ''
  showDone(text + more)
  showEditor({ said: text + more })
}

/** The whole programme: its mix is measured, and the master is set; the limiter stands behind it only where a peak would pass the ceiling. */
export async function levelProject(): Promise<void> {
  const { project } = editorNow()
  if (project === null) return
  const { jobId } = await call('sound.measureProject', { projectId: project.id, rev: project.rev, title: project.title, standard: null })
  showEditor({ said: translate('editor.level.measuringProject') })
  await finishedJob(jobId)
  const report = await call('sound.report', { jobId })
  if (report.kind !== 'project') return
  const { row, master } = report
  if (row.outcome === 'undefined') return showDone(translate('editor.level.undefined'))
  if (!(await applyAll([{ op: 'setMaster', ...master }], 'setMaster'))) return
  const text = translate('editor.level.one', { gain: decibelText(row.gainDb), lufs: decibelText(row.after.integratedLufs), peak: decibelText(row.after.truePeakDbtp) })
  const more = row.outcome === 'limited' ? ` ${translate('editor.level.limited', { count: row.peaks })}` : ''
  showDone(text + more)
  showEditor({ said: text + more })
}
