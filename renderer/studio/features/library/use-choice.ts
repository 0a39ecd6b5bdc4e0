import { useEffect, useRef } from 'react'
import type { Item } from '#contract/library.ts'
import { call } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'
import { pageHandles, showLibrary, useLibraryView } from './library-store.ts'
import { listInput, type ItemWindow } from './use-items.ts'

/** As many as the station takes in one call. */
const MOST = 500
/** `tick`: its box alone; `toggle`: beside the one that is selected. */
export type How = 'one' | 'toggle' | 'tick' | 'range'

export interface Choice {
  take(index: number, how: How): void
  all(): void
}

/** Which rows are chosen: one by a move, several by Ctrl, Shift and Insert, as in any list. */
export function useChoice(items: ItemWindow): Choice {
  const anchor = useRef(0)
  const view = useLibraryView()
  // A list that shows other things has no use for the rows of the one before.
  useEffect(() => showLibrary({ chosen: new Set() }), [view.query, view.kind, view.state])

  /** The ids of rows that may lie beyond what is loaded. */
  const idsOf = async (from: number, to: number): Promise<string[]> => {
    const count = Math.min(MOST, to - from + 1)
    const known = Array.from({ length: count }, (_, n) => items.at(from + n)?.id)
    if (known.every((id): id is string => id !== undefined)) return known
    return (await call('library.list', { ...listInput(view), offset: from, limit: count })).items.map(({ id }: Item) => id)
  }
  const choose = (from: number, to: number): void => void idsOf(from, to).then((ids) => showLibrary({ chosen: new Set(ids) }), showError)
  const choice: Choice = {
    take(index, how) {
      const item = items.at(index)
      if (item === undefined) return
      const { chosen, selectedId } = useLibraryView.getState()
      if (how === 'range') choose(Math.min(anchor.current, index), Math.max(anchor.current, index))
      else if (how === 'one') showLibrary({ chosen: new Set() })
      else {
        const next = new Set(how === 'toggle' && chosen.size === 0 && selectedId !== null && selectedId !== item.id ? [selectedId] : chosen)
        if (!next.delete(item.id) && next.size < MOST) next.add(item.id)
        showLibrary({ chosen: next })
      }
      if (how !== 'range') anchor.current = index
    },
    all: () => choose(0, Math.max(0, (items.total ?? 0) - 1)),
  }
  const latest = useRef(choice)
  latest.current = choice
  useEffect(() => {
    pageHandles.chooseAll = () => latest.current.all()
    return () => {
      pageHandles.chooseAll = null
    }
  }, [])
  return choice
}
