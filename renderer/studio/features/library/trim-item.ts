import type { Item } from '#contract/library.ts'
import { translate } from '../../i18n/index.ts'
import { call, finishedJob } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { showLibrary } from './library-store.ts'

/** The part between the cues as a new draft; it is shown when it is there. The whole stays. */
export function trimItem(item: Item): void {
  void (async () => {
    // The cues may just have been written: the station knows the newest revision.
    const { rev } = await call('library.get', { itemId: item.id })
    const title = translate('library.cues.trimTitle', { title: item.title }).slice(0, 200)
    await followJob((await call('library.trim', { itemId: item.id, rev, title })).jobId, (result) => {
      showLibrary({ selectedId: result['itemId'] ?? null })
      showDone(translate('library.cues.trimmed', { title }))
    })
  })().catch(showError)
}

/** Runs `done` once with the result of a job of this window. @throws AppError its failure */
export async function followJob(jobId: string, done: (result: Readonly<Record<string, string>>) => void): Promise<void> {
  const { result } = await finishedJob(jobId)
  done(result ?? {})
}
