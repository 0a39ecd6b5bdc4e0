import { translate } from '../../../i18n/index.ts'
import { showDone } from '../../../app/errors/index.ts'
import { call, finishedJob } from '../../../app/station-client/index.ts'
import { editorNow, showEditor } from '../editor-store.ts'
import { levelText } from '../../levelling/index.ts'
import { applyAll } from '../session.ts'
import { levelCommands } from '../sound/index.ts'
import { clipsAtHand, nothingChosen } from './at-hand.ts'

/** "Chuẩn hóa" by one key: measured at the station, a static gain per clip and the master's limiter where one of them needs it, one step of the history, and what was done is said. */
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
  const commands = levelCommands(report, project.edl)
  const limited = report.rows.filter((row) => row.outcome === 'limited').length
  const unknown = report.rows.filter((row) => row.outcome === 'undefined').length
  if (!(await applyAll(commands, 'levelAll'))) return
  const [only] = report.rows
  const text = report.rows.length === 1 && only !== undefined
    ? translate('editor.level.one', { what: levelText(only) })
    : `${translate('editor.level.many', { count: report.rows.length - unknown, unknown })}${limited > 0 ? ` ${translate('editor.level.limited', { count: limited })}` : ''}`
  showDone(text)
  showEditor({ said: text })
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
  if (!(await applyAll([{ op: 'setMaster', ...master }], 'setMaster'))) return
  const text = translate('editor.level.one', { what: levelText(row) })
  showDone(text)
  showEditor({ said: text })
}
