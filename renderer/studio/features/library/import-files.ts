import { translate } from '../../i18n/index.ts'
import { call } from '../../app/station-client/index.ts'
import { showDone } from '../../app/errors/index.ts'

const MOST_AT_ONCE = 2_000

/** One file is one job; more, or a folder, are one batch. The strip of running imports answers: no message covers the desk. */
async function importPaths(paths: readonly string[], folders: boolean): Promise<void> {
  if (paths.length === 0) return
  if (paths.length === 1 && !folders) await call('library.import', { paths: [...paths] })
  else for (let at = 0; at < paths.length; at += MOST_AT_ONCE) await call('library.importBatch', { paths: paths.slice(at, at + MOST_AT_ONCE) })
}

export async function importByDialog(): Promise<void> {
  await importPaths(await window.vangxa.pickFiles('audio'), false)
}
export async function importFolderByDialog(): Promise<void> {
  await importPaths(await window.vangxa.pickFiles('folder'), true)
}

/** Files made by a page (an image dragged out of a browser) have no path and are passed over. A folder has a path like a file. */
export async function importDropped(dropped: DataTransfer): Promise<void> {
  const folders = [...dropped.items].some((item) => item.webkitGetAsEntry()?.isDirectory === true)
  const paths = window.vangxa.pathsOf([...dropped.files]).filter((path) => path !== '')
  if (paths.length === 0) showDone(translate('library.nothingDropped'))
  await importPaths(paths, folders)
}
