import { translate } from '../../i18n/index.ts'
import { call } from '../../app/station-client/index.ts'
import { showDone } from '../../app/errors/index.ts'

const MOST_AT_ONCE = 500

/** The strip of running imports answers: no message covers the desk. */
async function importPaths(paths: readonly string[]): Promise<void> {
  for (let at = 0; at < paths.length; at += MOST_AT_ONCE) await call('library.import', { paths: paths.slice(at, at + MOST_AT_ONCE) })
}

export async function importByDialog(): Promise<void> {
  await importPaths(await window.vangxa.pickFiles('audio'))
}

/** Files made by a page (an image dragged out of a browser) have no path and are passed over. */
export async function importDropped(files: readonly File[]): Promise<void> {
  const paths = window.vangxa.pathsOf(files).filter((path) => path !== '')
  if (paths.length === 0) showDone(translate('library.nothingDropped'))
  await importPaths(paths)
}
