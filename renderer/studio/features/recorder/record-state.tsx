import { isOpen, type TakePhase } from '#common/take/index.ts'
import { useT } from '../../i18n/index.ts'
import { bytesText, secondsText } from '../../i18n/formats.ts'
import { StateBadge, type Tone } from '../../ui/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { useRecorderStore } from './recorder-store.ts'

export const phaseTone: Readonly<Record<TakePhase, Tone>> = { idle: 'idle', armed: 'wait', recording: 'air', paused: 'warn', closing: 'wait', saved: 'ok', recovered: 'warn' }
const BYTES_PER_CHANNEL_SECOND = 144_000

/** What is going on, in one big word, and what the sound depends on beside it. */
export function RecordState() {
  const t = useT()
  const { model, take, link, silent, waitingFrames, channels } = useRecorderStore()
  const status = useStationQuery('station.status', {}, { events: ['station.status'] })
  const free = (isOpen(model) ? take?.freeBytes : null) ?? status.data?.freeBytes ?? null
  const waiting = waitingFrames / 48_000
  return (
    <div className="recorder-state" role="status">
      <strong className={`recorder-word ${model.phase}`} data-testid="record-state">{t(`recorder.phases.${model.phase}`)}</strong>
      <span className="recorder-badges">
        {link === 'open' ? <StateBadge tone="ok">{t(isOpen(model) ? 'recorder.link.open' : 'recorder.link.ready')}</StateBadge> : <StateBadge tone="bad" data-testid="capture-link">{t(waiting > 1 ? 'recorder.link.waiting' : 'recorder.link.lost', { seconds: Math.round(waiting) })}</StateBadge>}
        {model.inputLost && <StateBadge tone="bad" data-testid="input-lost">{t('recorder.inputLost')}</StateBadge>}
        {silent && <StateBadge tone="bad" data-testid="silent">{t('recorder.silent')}</StateBadge>}
        {free !== null && <span className="dim">{t('recorder.room', { time: secondsText(free / (BYTES_PER_CHANNEL_SECOND * channels)), bytes: bytesText(free) })}</span>}
      </span>
    </div>
  )
}
