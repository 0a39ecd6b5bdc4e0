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
const works = new Map<string, Work>()

/**
 * Three keys in one second are three changes of one item: they go one after the other, each with the revision the one before made.
 * Returns what the cues will be, to be shown at once; null when the change makes no sense for this sound.
 */
export function changeCues(item: Item, shown: Cues, change: Change): Cues | null {
  const next = cleanCues(change(shown), item.lengthSamples)
  if (next === null) return null
  const work = works.get(item.id) ?? { item, waiting: [], running: false }
  if (item.rev > work.item.rev) work.item = item
  works.set(item.id, work)
  work.waiting.push(change)
  void write(work)
  return next
}

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
    if (work.waiting.length === 0) works.delete(work.item.id)
  }
}
