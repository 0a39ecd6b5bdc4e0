import { useEffect, useState } from 'react'
import { isOpen } from '#common/take/index.ts'
import { translate, useT } from '../../i18n/index.ts'
import { StateBadge } from '../../ui/index.ts'
import { registerActions } from '../../app/actions/index.ts'
import { go } from '../../app/navigation/index.ts'
import { recorderEverywhere } from './actions.ts'
import { clockOf } from './clock-text.ts'
import { phaseTone } from './record-state.tsx'
import { useRecorderStore } from './recorder-store.ts'
import { runFrames } from './run-clock.ts'
import './recorder.css'

/**
 * A running take is seen on whatever page one is: a red frame round the window, the word with the time in the status bar, the same in the
 * window's title for whoever looks at another program. Armed shows as well. Nothing when nothing runs.
 */
export function RecordingBadge() {
  const t = useT()
  const model = useRecorderStore((state) => state.model)
  const isArmed = useRecorderStore((state) => state.isArmed)
  const count = useRecorderStore((state) => state.count)
  const [time, setTime] = useState('')
  const open = isOpen(model)
  useEffect(() => registerActions(recorderEverywhere), [])
  useEffect(() => {
    if (!open) return
    const title = document.title
    const show = (): void => {
      const time = clockOf(runFrames())
      setTime(time)
      const { phase } = useRecorderStore.getState().model
      document.title = `${phase === 'paused' ? '❚❚' : '●'} ${translate(`recorder.phases.${phase}`)} ${time} – VangXa Studio`
    }
    show()
    const timer = setInterval(show, 500)
    return () => {
      clearInterval(timer)
      document.title = title
    }
  }, [open])
  const shown = open ? model.phase : null
  useEffect(() => {
    if (shown === null) return
    document.documentElement.dataset['recording'] = shown
    return () => {
      delete document.documentElement.dataset['recording']
    }
  }, [shown])
  if (count !== null) return <span role="alert"><StateBadge tone="air" data-testid="count-badge">{t('recorder.countBadge', { count })}</StateBadge></span>
  if (!open) return isArmed ? <button type="button" className="recorder-status" onClick={() => go('recorder')} data-testid="armed-badge"><StateBadge tone="wait">{t('recorder.armedBadge')}</StateBadge></button> : null
  return (
    <button type="button" className="recorder-status" onClick={() => go('recorder')} data-testid="recording-badge">
      <StateBadge tone={model.inputLost || model.linkLost || model.diskFull ? 'bad' : phaseTone[model.phase]}>{t('recorder.statusBar', { state: t(`recorder.phases.${model.phase}`), time })}</StateBadge>
    </button>
  )
}
