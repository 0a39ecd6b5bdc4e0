import { call, finishedJob } from '../../app/station-client/index.ts'
import { showDone } from '../../app/errors/index.ts'
import { currentLanguage, translate } from '../../i18n/index.ts'
import { kindOf, reportsNow, showReports } from './reports-store.ts'

/** Asks for a folder and lets the station write a new file there; nothing that lies there is ever written over. */
export async function saveReport(format: 'xlsx' | 'csv'): Promise<void> {
  const { view, fromDate, toDate, saving } = reportsNow()
  const kind = kindOf(view)
  if (kind === null || saving) return
  const [folder] = await window.vangxa.pickFiles('folder')
  if (folder === undefined) return
  showReports({ saving: true })
  try {
    const name = `${translate(`reports.fileNames.${kind}`)}_${fromDate}${fromDate === toDate ? '' : `_${toDate}`}`
    const { jobId } = await call('reports.save', { kind, fromDate, toDate, language: currentLanguage(), format, folder, name })
    const job = await finishedJob(jobId)
    showDone(translate('reports.saved', { path: job.result?.['path'] ?? name }))
  } finally {
    showReports({ saving: false })
  }
}
