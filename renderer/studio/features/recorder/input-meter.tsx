import { useRef } from 'react'
import { Button } from '@mantine/core'
import { useShallow } from 'zustand/react/shallow'
import { isOpen } from '#common/take/index.ts'
import { useT } from '../../i18n/index.ts'
import { clockText, decibelText } from '../../i18n/formats.ts'
import { Kbd, LevelMeter, StateBadge } from '../../ui/index.ts'
import { noClips } from './clip-latch.ts'
import { clockOf } from './clock-text.ts'
import { currentInput } from './input-owner.ts'
import { MeterBallistics } from './meter-ballistics.ts'
import { useRecorderSettings } from './recorder-settings.ts'
import { useRecorderStore } from './recorder-store.ts'

/** Live before, during and after a take. Clipping stays lit, counted and with its place, until someone has seen it. */
export function InputMeter(props: { width?: number }) {
  const t = useT()
  const { info, clips, channels, origin, open } = useRecorderStore(useShallow((state) => ({ info: state.info, clips: state.clips, channels: state.channels, origin: state.take?.origin.kind, open: isOpen(state.model) })))
  const source = useRecorderSettings((settings) => settings.source)
  const ballistics = useRef(new MeterBallistics())
  const ofStation = open ? origin !== 'device' : source !== 'device'
  const read = () => {
    const now = useRecorderStore.getState()
    const heard = ofStation ? (isOpen(now.model) ? (now.take?.peakDbfs ?? []) : []).map((peakDbfs) => ({ peakDbfs, rmsDbfs: -120 })) : currentInput()?.level() ?? []
    return ballistics.current.step(heard, performance.now())
  }
  const { last } = clips
  return (
    <div className="recorder-meter" data-testid="input-meter">
      <LevelMeter width={props.width ?? 620} height={channels === 2 ? 56 : 40} scale label={t('recorder.meter')} read={read} />
      <div className="recorder-input-facts">
        {last !== null
          ? <Button size="compact-xs" color="#b3151b" onClick={() => useRecorderStore.setState({ clips: noClips })} rightSection={<Kbd>X</Kbd>} data-testid="clip">{t('recorder.clips', { count: clips.count, at: open ? clockOf(last.atFrame) : clockText(last.at) })}</Button>
          : !ofStation && <StateBadge tone="ok">{t('recorder.notClipped')}</StateBadge>}
        {!ofStation && info !== null && <span className="dim" data-testid="input-settings">{t('recorder.inputFacts', { rate: decibelText((info.deviceRateHz ?? info.contextRateHz) / 1_000), channels: info.channels })}</span>}
        {!ofStation && info?.resampled === true && <StateBadge tone="warn" data-testid="resampled">{t('recorder.resampled', { rate: decibelText((info.deviceRateHz ?? 0) / 1_000) })}</StateBadge>}
        {!ofStation && info !== null && ['echoCancellation', 'noiseSuppression', 'autoGainControl'].some((name) => info.settings[name] === true) && <StateBadge tone="warn">{t('recorder.processed')}</StateBadge>}
        {ofStation && <span className="dim">{t(open ? 'recorder.source.meterSlow' : 'recorder.source.meterTry')}</span>}
      </div>
    </div>
  )
}
