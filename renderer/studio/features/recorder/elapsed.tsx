import { useEffect, useRef } from 'react'
import { useT } from '../../i18n/index.ts'
import { clockOf } from './clock-text.ts'
import { runFrames } from './run-clock.ts'

/** HH:MM:SS, written straight into the element: ten times a second is no business of React's. */
export function Elapsed() {
  const t = useT()
  const element = useRef<HTMLTimeElement>(null)
  useEffect(() => {
    const show = (): void => {
      const text = clockOf(runFrames())
      if (element.current !== null && element.current.textContent !== text) element.current.textContent = text
    }
    show()
    const timer = setInterval(show, 100)
    return () => clearInterval(timer)
  }, [])
  return <time ref={element} className="recorder-elapsed" aria-label={t('recorder.elapsed')} role="timer" aria-live="off" data-testid="elapsed">00:00:00</time>
}
