import { readdir, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { StationContext } from '../context.ts'
import type { ItemStore } from './items.ts'
import type { Stored } from './rows.ts'
import type { Shelf } from './shelf.ts'
import type { Sounds } from './sounds.ts'

/** Notices by itself that sounds were lost or are back: from time to time, and when somebody opens what shows them. Nothing is opened or decoded for it. */
export interface Lookout {
  /** These are on somebody's screen now. Returns at once. */
  opened(stored: readonly Stored[]): void
  /** One round; for the timer and for tests. Never throws. */
  round(): Promise<void>
}

const EVERY_MS = 15_000
/** A list on the screen is read again with every change in it. */
const AGAIN_AFTER_MS = 3_000
/** Files in other people's folders are asked one by one: so many in a round. */
const MOST_IN_PLACE = 60

export function createLookout(
  ctx: Pick<StationContext, 'clock' | 'folders' | 'logger' | 'scope'>, deps: { items: ItemStore; shelf: Shelf; sounds: Sounds; planned: () => ReadonlySet<string>; everyMs?: number },
): Lookout {
  const { items, shelf, sounds } = deps
  const lookedAt = new Map<string, number>()
  let shelfStamp = ''
  let turn = 0
  let running: Promise<void> | null = null

  async function lookAll(stored: readonly Stored[]): Promise<void> {
    const lost: Stored[] = []
    for (const one of stored) {
      if (ctx.scope.disposed) return
      lookedAt.set(one.item.id, ctx.clock.monotonicMs())
      if (await sounds.look(one)) lost.push(one)
    }
    sounds.tellLost(lost)
  }

  /** A folder's own time changes with every name that comes or goes: while it stands still, nothing on our shelves was lost. */
  async function stampOfShelves(): Promise<string> {
    const facts = await Promise.all([ctx.folders.media, ctx.folders.mezzanine].map((folder) => stat(folder).then(({ mtimeMs, ino }) => `${mtimeMs} ${ino}`, () => 'gone')))
    return facts.join('/')
  }
  async function lookAtShelves(): Promise<void> {
    const stamp = await stampOfShelves()
    if (stamp === shelfStamp) return
    const [media, mezzanine] = await Promise.all([ctx.folders.media, ctx.folders.mezzanine].map(async (folder) => new Set(await readdir(folder).catch(() => []))))
    const other = items.whereabouts().filter((sound) => {
      const there = media?.has(basename(shelf.kept(sound))) === true || (sound.pcm === 'mezzanine' && mezzanine?.has(basename(shelf.mezzanine(sound))) === true)
      return !sound.inPlace && there === sounds.isMissing(sound.itemId)
    })
    await lookAll(other.flatMap(({ itemId }) => items.get(itemId) ?? []))
    shelfStamp = stamp
  }
  async function lookInPlaces(): Promise<void> {
    const ids = items.inPlace()
    const planned = deps.planned()
    const first = ids.filter((id) => planned.has(id))
    const others = ids.filter((id) => !planned.has(id))
    const from = others.length === 0 ? 0 : turn % others.length
    turn = from + MOST_IN_PLACE
    await lookAll([...first, ...[...others.slice(from), ...others.slice(0, from)].slice(0, MOST_IN_PLACE)].flatMap((id) => items.get(id) ?? []))
  }
  const round = (): Promise<void> => {
    running ??= lookAtShelves().then(lookInPlaces).catch((error: unknown) => ctx.logger.warn('the look at the sounds failed', { error })).finally(() => {
      running = null
    })
    return running
  }
  ctx.scope.every(deps.everyMs ?? EVERY_MS, () => void round())

  return {
    round,
    opened(stored) {
      const now = ctx.clock.monotonicMs()
      const due = stored.filter(({ item }) => now - (lookedAt.get(item.id) ?? -Infinity) >= AGAIN_AFTER_MS)
      for (const { item } of due) lookedAt.set(item.id, now)
      if (due.length > 0) lookAll(due).catch((error: unknown) => ctx.logger.warn('the look at the sounds failed', { error }))
    },
  }
}
