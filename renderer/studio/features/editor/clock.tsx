import { useEffect, useRef } from 'react'
import { edlLength } from '#common/edl/index.ts'
import { useT } from '../../i18n/index.ts'
import { preciseText } from '../../i18n/formats.ts'
import { useEditor } from './editor-store.ts'
import { playhead } from './transport.ts'

/** Position / length. The position is written straight into the page, frame by frame, while playing. */
export function Clock() {
  const t = useT()
  const now = useRef<HTMLSpanElement>(null)
  const playing = useEditor((state) => state.playing)
  const cursor = useEditor((state) => state.cursor)
  const length = useEditor((state) => (state.project === null ? 0 : edlLength(state.project.edl)))
  useEffect(() => {
    let frame = 0
    const write = (): void => {
      if (now.current !== null) now.current.textContent = preciseText(playhead())
      if (playing) frame = requestAnimationFrame(write)
    }
    write()
    return () => cancelAnimationFrame(frame)
  }, [playing, cursor])
  return (
    <div className="editor-clock">
      <span ref={now} className="editor-now" role="timer" aria-label={t('editor.position')} data-testid="editor-position" />
      <span className="dim"> / <span data-testid="editor-length">{preciseText(length)}</span></span>
    </div>
  )
}
