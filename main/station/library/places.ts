import { readdir, stat } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Item } from '#contract/library.ts'
import type { StationContext } from '../context.ts'
import { isStamp } from '../foundation/stamp.ts'
import type { ItemStore } from './items.ts'
import type { Place, Stored } from './rows.ts'
import { takeIn } from './take-in.ts'

export type PlaceState = NonNullable<Item['place']>['state']

/**
 * Originals that stay in their owners' folders: looked at, compared, never written. Promises: `here` only for a file whose size and time are those of the
 * moment its content was compared with the item's hash.
 */
export interface Places {
  /** As it was at the last look. */
  stateOf(itemId: string): PlaceState
  /** Looks now. A file with another time is read and compared in a job of its own; until that has ended it is `checking`. */
  look(stored: Stored): Promise<PlaceState>
  /** Resolves when a comparison under way has ended. */
  settled(itemId: string): Promise<void>
  /** The item's original is this file from now on; its hash has been compared. Null: on our own shelf. */
  set(itemId: string, place: Place | null): void
  onChange(run: (itemId: string, state: PlaceState) => void): void
}

/** A disk that does not answer is not there: a hanging look must not hold the others, nor the threads that the air reads with. */
const ANSWER_MS = 3_000
/** Files of the same size looked at in the folder where an original was. */
const MOST_NEIGHBOURS = 400
const MOST_HANGING = 2

/** `unasked`: too many disks hang already. */
type Look = Stats | 'gone' | 'unasked'

export function createPlaces(ctx: Pick<StationContext, 'jobs' | 'logger' | 'scope'>, items: Pick<ItemStore, 'get' | 'setPlace'>): Places {
  const states = new Map<string, PlaceState>()
  /** Comparisons under way. */
  const comparing = new Map<string, Promise<void>>()
  /** Files known to be another content, as they were when they were read: not read again and again. */
  const others = new Map<string, Place>()
  const listeners: ((itemId: string, state: PlaceState) => void)[] = []
  let before: Promise<unknown> = Promise.resolve()
  const hanging = new Set<string>()

  const tell = (itemId: string, state: PlaceState): PlaceState => {
    const known = states.get(itemId) ?? 'here'
    states.set(itemId, state)
    if (ctx.scope.disposed) return state
    if (known !== state) for (const run of listeners) run(itemId, state)
    return state
  }

  /** One after the other; a folder that hangs is not asked again before it has answered. */
  function factsOf(path: string): Promise<Look> {
    const look = before.then(async (): Promise<Look> => {
      const folder = dirname(path)
      if (hanging.has(folder)) return 'gone'
      if (hanging.size >= MOST_HANGING) return 'unasked'
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), ANSWER_MS)
      })
      const answer = stat(path).then((facts): Look => (facts.isFile() ? facts : 'gone'), (): Look => 'gone')
      const first = await Promise.race([answer, late])
      clearTimeout(timer)
      if (first !== 'late') return first
      hanging.add(folder)
      void answer.then(() => hanging.delete(folder))
      return 'gone'
    })
    before = look
    return look
  }

  /** The content decides: the same one has only a new time or name, another one is another sound. */
  function compare(stored: Stored, path: string): Promise<void> {
    const { id } = stored.item
    const under = comparing.get(id)
    if (under !== undefined) return under
    const { finished } = ctx.jobs.start('check', stored.item.title, async (job) => {
      const taken = await takeIn(path, null, job)
      if (taken.sha256 === stored.sound.sha256) set(id, taken.place)
      else others.set(id, taken.place)
    })
    const made = finished.then(async (job) => {
      comparing.delete(id)
      if (ctx.scope.disposed) return
      const now = items.get(id)
      if (now === null || now.sound.place === null) return
      // What could not be read to its end is as good as not there.
      if (job.state === 'done') await look(now)
      else tell(id, 'gone')
    })
    comparing.set(id, made)
    return made
  }

  /** A file that was only renamed lies where it lay. */
  async function findRenamed(stored: Stored, place: Place): Promise<void> {
    const folder = dirname(place.path)
    const names = await readdir(folder).catch(() => [])
    for (const name of names.slice(0, MOST_NEIGHBOURS)) {
      const path = join(folder, name)
      const facts = await factsOf(path)
      if (typeof facts === 'string' || facts.size !== place.sizeBytes || facts.mtimeMs !== place.modifiedMs) continue
      return compare(stored, path)
    }
  }

  async function look(stored: Stored): Promise<PlaceState> {
    const { place } = stored.sound
    const { id } = stored.item
    if (place === null) return 'here'
    if (comparing.has(id)) return states.get(id) ?? 'here'
    const facts = await factsOf(place.path)
    if (facts === 'unasked') return states.get(id) ?? 'here'
    if (facts === 'gone') {
      const wasGone = states.get(id) === 'gone'
      tell(id, 'gone')
      if (!wasGone && !ctx.scope.disposed) void findRenamed(stored, place).catch((error: unknown) => ctx.logger.warn('the folder of an original cannot be read', { error }))
      return 'gone'
    }
    const other = others.get(id)
    if (other !== undefined && isStamp(facts, other) && facts.ctimeMs === other.changedMs) return tell(id, 'changed')
    if (isStamp(facts, place)) {
      // Renamed and back, or its rights changed; or written to by something that hides it: heard on, compared meanwhile.
      if (facts.ctimeMs !== place.changedMs && !ctx.scope.disposed) void compare(stored, place.path)
      return tell(id, 'here')
    }
    if (facts.size !== place.sizeBytes) return tell(id, 'changed')
    if (ctx.scope.disposed) return 'checking'
    tell(id, 'checking')
    void compare(stored, place.path)
    return 'checking'
  }

  function set(itemId: string, place: Place | null): void {
    items.setPlace(itemId, place)
    others.delete(itemId)
    if (place === null) states.delete(itemId)
  }

  return { stateOf: (itemId) => states.get(itemId) ?? 'here', look, settled: async (itemId) => comparing.get(itemId), set, onChange: (run) => void listeners.push(run) }
}
