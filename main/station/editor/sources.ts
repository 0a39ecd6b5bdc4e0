import type { Edl, Source } from '#common/edl/index.ts'
import type { Item } from '#contract/library.ts'
import type { LibraryRoom } from '../faces.ts'

type Shelf = Pick<LibraryRoom, 'get' | 'list'>

/** The item that holds a source's sound: the one it was made from, or another one with the same content. */
export function itemOf(library: Shelf, source: Source): Item | null {
  const item = library.get(source.itemId)
  if (item?.sha256 === source.sha256) return item
  return library.list().find((other) => other.sha256 === source.sha256) ?? null
}

/** The items whose sounds a list plays. */
export function itemsOf(library: Shelf, edl: Edl): string[] {
  return edl.sources.flatMap((source) => itemOf(library, source)?.id ?? [])
}

/** The edit list with each source pointing at the item that holds it now, and the items that are gone. */
export function relink(library: Shelf, edl: Edl): { edl: Edl; missingItemIds: string[] } {
  const missing: string[] = []
  let isChanged = false
  const sources = edl.sources.map((source) => {
    const item = itemOf(library, source)
    if (item === null || item.fileMissing === true) missing.push(source.itemId)
    if (item === null || item.id === source.itemId) return source
    isChanged = true
    return { ...source, itemId: item.id }
  })
  return { edl: isChanged ? { ...edl, sources } : edl, missingItemIds: missing }
}
