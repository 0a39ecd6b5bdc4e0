import type { Keep } from '#contract/library.ts'
import { translate } from '../../i18n/index.ts'
import { call } from '../../app/station-client/index.ts'
import { showDone } from '../../app/errors/index.ts'
import type { Brought } from './library-store.ts'
import { showLibrary } from './library-store.ts'

const MOST_AT_ONCE = 2_000

/** Where there is nothing to choose (a share, our own folder) they come in at once; else the dialog asks, with its advice ready for Enter. */
async function bring(paths: readonly string[], folders: boolean): Promise<void> {
  if (paths.length === 0) return
  const plan = await call('library.importPlan', { paths: paths.slice(0, MOST_AT_ONCE) })
  if (plan.mayStay) showLibrary({ brought: { paths, folders, plan } })
  else await importBrought({ paths, folders }, 'copy')
}

/** One file is one job; more, or a folder, are one batch. The strip of running imports answers: no message covers the desk. */
export async function importBrought({ paths, folders }: Pick<Brought, 'paths' | 'folders'>, keep: Keep): Promise<void> {
  if (paths.length === 1 && !folders) await call('library.import', { paths: [...paths], keep })
  else for (let at = 0; at < paths.length; at += MOST_AT_ONCE) await call('library.importBatch', { paths: paths.slice(at, at + MOST_AT_ONCE), keep })
}

export async function importByDialog(): Promise<void> {
  await bring(await window.vangxa.pickFiles('audio'), false)
}
export async function importFolderByDialog(): Promise<void> {
  await bring(await window.vangxa.pickFiles('folder'), true)
}

/** Files made by a page (an image dragged out of a browser) have no path and are passed over. A folder has a path like a file. */
export async function importDropped(dropped: DataTransfer): Promise<void> {
  const folders = [...dropped.items].some((item) => item.webkitGetAsEntry()?.isDirectory === true)
  const paths = window.vangxa.pathsOf([...dropped.files]).filter((path) => path !== '')
  if (paths.length === 0) showDone(translate('library.nothingDropped'))
  await bring(paths, folders)
}
