import { formatAudacityLabels, formatCmx3600, formatCueSheet, formatMarksCsv, parseAudacityLabels, parseCueSheet, parseMarksCsv, toExchange } from '#common/exchange/index.ts'
import type { Mark, MarksRefusal } from '#common/exchange/index.ts'
import { formatOtio } from '#contract/otio.ts'
import { translate } from '../../../i18n/index.ts'
import { editorNow } from '../editor-store.ts'
import { fileNameOf } from './presets.ts'

export type MarksForm = 'labels' | 'cue' | 'csv'
export type TimelineForm = 'otio' | 'cmx3600'
const marksEndings = { labels: 'txt', cue: 'cue', csv: 'csv' } as const
const timelineEndings = { otio: 'otio', cmx3600: 'edl' } as const

/** Asks where; the path, or null when the person changed their mind. */
export async function saveMarks(form: MarksForm): Promise<string | null> {
  const { project } = editorNow()
  if (project === null) return null
  const name = fileNameOf(project.title)
  const marks = project.edl.markers.map(({ at, length, label }) => ({ at, length, label }))
  const text = form === 'labels' ? formatAudacityLabels(marks)
    : form === 'csv' ? formatMarksCsv(marks)
      : formatCueSheet({ title: project.title, performer: '', fileName: `${name}.wav`, fileType: 'WAVE' }, marks)
  return window.vangxa.saveFile({ suggestedName: `${name}.${marksEndings[form]}`, text })
}

export async function saveTimeline(form: TimelineForm): Promise<string | null> {
  const { project } = editorNow()
  if (project === null) return null
  const timeline = toExchange(project.title, project.edl)
  const text = form === 'otio' ? formatOtio(timeline) : formatCmx3600(timeline)
  return window.vangxa.saveFile({ suggestedName: `${fileNameOf(project.title)}.${timelineEndings[form]}`, text })
}

/** By its ending first, then by whoever understands it. */
export function readMarks(fileName: string, text: string): readonly Mark[] | MarksRefusal {
  if (/\.cue$/i.test(fileName)) return parseCueSheet(text)
  if (/\.csv$/i.test(fileName)) return parseMarksCsv(text)
  const labels = parseAudacityLabels(text)
  if (!('refused' in labels) || labels.refused !== 'not-this-format') return labels
  for (const parse of [parseMarksCsv, parseCueSheet]) {
    const marks = parse(text)
    if (!('refused' in marks)) return marks
  }
  return labels
}

export const refusalText = (why: MarksRefusal): string => translate('exchange.unreadable', { why: translate(`exchange.refusals.${why.refused}`, { line: why.line, names: '' }) })
