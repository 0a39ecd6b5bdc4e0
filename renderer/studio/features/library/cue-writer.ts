import { cleanCues, noCues, type Cues } from '#common/cues/index.ts'
import type { Item } from '#contract/library.ts'
import { call } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'

type Change = (cues: Cues) => Cues
interface Work {
  /** As the last answer of the station had it. */
  item: Item
  waiting: Change[]
  running: boolean
}
/** Kept after the last change: the page may not have read the newest revision when the next key comes. */
const works = new Map<string, Work>()
const MOST_WORKS = 50

/**
 * Three keys in one second are three changes of one item: they go one after the other, each with the revision the one before made.
 * Returns what the cues will be, to be shown at once; null when the change makes no sense for this sound.
 */
export function changeCues(item: Item, shown: Cues, change: Change): Cues | null {
  const next = cleanCues(change(shown), item.lengthSamples)
  if (next === null) return null
  const work = works.get(item.id) ?? { item, waiting: [], running: false }
  if (item.rev > work.item.rev) work.item = item
  works.delete(item.id)
  works.set(item.id, work)
  const [oldest] = works.keys()
  if (works.size > MOST_WORKS && oldest !== undefined) works.delete(oldest)
  work.waiting.push(change)
  void write(work)
  return next
}

/** Changes are on their way: what the station tells meanwhile is older than what is shown. */
export const isWriting = (itemId: string): boolean => works.get(itemId)?.running === true

async function write(work: Work): Promise<void> {
  if (work.running) return
  work.running = true
  try {
    while (work.waiting.length > 0) {
      const changes = work.waiting.splice(0)
      const before = work.item.cues ?? noCues
      const cues = cleanCues(changes.reduce((now, change) => change(now), before), work.item.lengthSamples)
      if (cues !== null) work.item = await call('library.update', { itemId: work.item.id, rev: work.item.rev, cues })
    }
  } catch (error) {
    work.waiting = []
    works.delete(work.item.id)
    showError(error)
  } finally {
    work.running = false
  }
}
