import { useCallback } from 'react'
import { editorNow, showEditor } from './editor-store.ts'

/** Beside a panel a timeline of less is no timeline. In CSS pixels: twice the text on a small screen is half of them. */
const ROOM_PX = 860

/**
 * For the element that holds timeline and side panel. When it gets too narrow for both, the panel goes, and lies over the timeline when it is asked
 * for; when there is room again, it is as it was.
 */
export function useNarrow(): (element: HTMLElement | null) => (() => void) | undefined {
  return useCallback((element) => {
    if (element === null) return undefined
    let wasOpen = editorNow().sideOpen
    const observer = new ResizeObserver(() => {
      const isNarrow = element.clientWidth < ROOM_PX
      if (isNarrow === editorNow().isNarrow) return
      if (isNarrow) wasOpen = editorNow().sideOpen
      showEditor({ isNarrow, sideOpen: isNarrow ? false : wasOpen })
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      if (editorNow().isNarrow) showEditor({ isNarrow: false, sideOpen: wasOpen })
    }
  }, [])
}
