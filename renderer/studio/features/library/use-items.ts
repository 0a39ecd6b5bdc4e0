import type { Item } from '#contract/library.ts'
import type { EventName } from '#contract/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { useLibraryView } from './library-store.ts'

export const PAGE_ROWS = 250
const events: readonly EventName[] = ['library.changed']

/** What the station is asked for by what the page shows. */
export const listInput = ({ query, kind, state }: { readonly query: string; readonly kind: Item['kind'] | null; readonly state: Item['state'] | null }) => ({ query, kinds: kind === null ? [] : [kind], states: state === null ? [] : [state] })

export interface ItemWindow {
  readonly total: number | null
  readonly at: (index: number) => Item | undefined
}

/** Rows by index without holding the whole library: the two pages around what is on the screen. */
export function useItems(first: number, last: number): ItemWindow {
  const view = useLibraryView()
  const input = (page: number) => ({ ...listInput(view), limit: PAGE_ROWS, offset: page * PAGE_ROWS })
  const pageA = Math.floor(first / PAGE_ROWS)
  const pageB = Math.max(pageA, Math.floor(last / PAGE_ROWS))
  const a = useStationQuery('library.list', input(pageA), { events })
  const b = useStationQuery('library.list', input(pageB), { events, enabled: pageB !== pageA })
  return {
    total: a.data?.total ?? b.data?.total ?? null,
    at(index) {
      const page = Math.floor(index / PAGE_ROWS)
      const rows = page === pageA ? a.data : page === pageB ? b.data : undefined
      return rows?.items[index - page * PAGE_ROWS]
    },
  }
}
