import { useShallow } from 'zustand/react/shallow'
import { isOpen, type TakePhase } from '#common/take/index.ts'
import { useT } from '../../i18n/index.ts'
import { bytesText, secondsText } from '../../i18n/formats.ts'
import { StateBadge, type Tone } from '../../ui/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { Elapsed } from './elapsed.tsx'
import { useRecorderSettings } from './recorder-settings.ts'
import { useRecorderStore } from './recorder-store.ts'

export const phaseTone: Readonly<Record<TakePhase, Tone>> = { idle: 'idle', armed: 'wait', recording: 'air', paused: 'warn', closing: 'wait', saved: 'ok', recovered: 'warn' }
const BYTES_PER_CHANNEL_SECOND = 144_000
const LOW_SECONDS = 600

/** What is going on, in one big word beside the big clock, and what the sound depends on below. */
export function RecordState() {
  const t = useT()
  const { model, take, link, channels, isArmed, count, parts } = useRecorderStore(useShallow((state) => ({ model: state.model, take: state.take, link: state.link, channels: state.channels, isArmed: state.isArmed, count: state.count, parts: state.parts })))
  const source = useRecorderSettings((settings) => settings.source)
  const status = useStationQuery('station.status', {}, { events: ['station.status'] })
  const open = isOpen(model)
  const free = (open ? take?.freeBytes : null) ?? status.data?.freeBytes ?? null
  const secondsLeft = free === null ? null : free / (BYTES_PER_CHANNEL_SECOND * channels)
  const ofWindow = open ? take?.origin.kind === 'device' : source === 'device'
  const phase = open || model.phase === 'armed' ? model.phase : count !== null ? 'counting' : isArmed ? 'ready' : model.phase
  const word = phase === 'ready' ? t('recorder.ready') : t(`recorder.phases.${phase === 'counting' ? 'armed' : phase}`)
  return (
    <>
      <div className="recorder-state">
        <strong className={`recorder-word ${phase}`} role="status" data-testid="record-state">{word}</strong>
        <Elapsed />
        {count !== null && <span className="recorder-count" role="alert" aria-live="assertive" data-testid="count">{count}</span>}
      </div>
      <div className="recorder-badges">
        {ofWindow && (open && model.diskFull ? <StateBadge tone="bad" data-testid="capture-full">{t('recorder.link.full')}</StateBadge> : link === 'open' ? <StateBadge tone="ok">{t(open ? 'recorder.link.open' : 'recorder.link.ready')}</StateBadge> : <StateBadge tone={link === 'connecting' && !open ? 'wait' : 'bad'} data-testid="capture-link">{t(link === 'connecting' && !open ? 'recorder.link.connecting' : 'recorder.link.lost')}</StateBadge>)}
        {open && !ofWindow && <StateBadge tone="ok">{t(take?.origin.kind === 'air' ? 'recorder.source.airRuns' : 'recorder.source.streamRuns')}</StateBadge>}
        {parts.length > 1 && <StateBadge tone="info" data-testid="part">{t('recorder.part', { part: parts.length })}</StateBadge>}
        {secondsLeft !== null && free !== null && (
          <StateBadge tone={secondsLeft < LOW_SECONDS ? 'bad' : 'idle'} data-testid="room">{t('recorder.room', { time: secondsText(secondsLeft), bytes: bytesText(free) })}</StateBadge>
        )}
      </div>
    </>
  )
}
