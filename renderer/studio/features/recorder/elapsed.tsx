import { useEffect, useRef } from 'react'
import { useT } from '../../i18n/index.ts'
import { elapsedFrames } from './take-owner.ts'

/** HH:MM:SS, written straight into the element: ten times a second is no business of React's. */
export function Elapsed() {
  const t = useT()
  const element = useRef<HTMLTimeElement>(null)
  useEffect(() => {
    const show = (): void => {
      const text = clockOf(elapsedFrames())
      if (element.current !== null && element.current.textContent !== text) element.current.textContent = text
    }
    show()
    const timer = setInterval(show, 100)
    return () => clearInterval(timer)
  }, [])
  return <time ref={element} className="recorder-elapsed" aria-label={t('recorder.elapsed')} role="timer" aria-live="off" data-testid="elapsed">00:00:00</time>
}

export function clockOf(frames: number): string {
  const seconds = Math.floor(frames / 48_000)
  const pad = (value: number): string => String(value).padStart(2, '0')
  return `${pad(Math.floor(seconds / 3_600))}:${pad(Math.floor((seconds % 3_600) / 60))}:${pad(seconds % 60)}`
}
