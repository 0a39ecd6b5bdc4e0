import { useEffect } from 'react'
import { useTimeline } from './timeline-store.ts'

/** Strong colours by the setting here or by that of the computer; the style sheet and the canvases read them from one attribute. */
export function useContrast(): void {
  const contrast = useTimeline((state) => state.contrast)
  useEffect(() => {
    const query = matchMedia('(prefers-contrast: more)')
    const set = (): void => {
      if (contrast === 'more' || query.matches) document.body.dataset['timelineContrast'] = 'more'
      else delete document.body.dataset['timelineContrast']
    }
    set()
    query.addEventListener('change', set)
    return () => {
      query.removeEventListener('change', set)
      delete document.body.dataset['timelineContrast']
    }
  }, [contrast])
}
