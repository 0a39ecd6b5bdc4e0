import { useRef } from 'react'
import { Button } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { decibelText } from '../../i18n/formats.ts'
import { LevelMeter, StateBadge } from '../../ui/index.ts'
import { currentInput } from './input-owner.ts'
import { MeterBallistics } from './meter-ballistics.ts'
import { useRecorderStore } from './recorder-store.ts'

/** Live before, during and after a take. Clipping stays lit until someone has seen it. */
export function InputMeter() {
  const t = useT()
  const info = useRecorderStore((state) => state.info)
  const clipped = useRecorderStore((state) => state.clipped)
  const channels = useRecorderStore((state) => state.channels)
  const ballistics = useRef(new MeterBallistics())
  return (
    <div className="recorder-meter" data-testid="input-meter">
      <LevelMeter width={620} height={channels === 2 ? 62 : 44} scale label={t('recorder.meter')} read={() => ballistics.current.step(currentInput()?.level() ?? [], performance.now())} />
      <div className="recorder-input-facts">
        {clipped
          ? <Button size="compact-xs" color="#b3151b" onClick={() => useRecorderStore.setState({ clipped: false })} data-testid="clip">{t('recorder.clipped')}</Button>
          : <StateBadge tone="ok">{t('recorder.notClipped')}</StateBadge>}
        {info !== null && <span className="dim" data-testid="input-settings">{t('recorder.inputFacts', { rate: decibelText((info.deviceRateHz ?? info.contextRateHz) / 1_000), channels: info.channels })}</span>}
        {info?.resampled === true && <StateBadge tone="warn" data-testid="resampled">{t('recorder.resampled', { rate: decibelText((info.deviceRateHz ?? 0) / 1_000) })}</StateBadge>}
        {info !== null && ['echoCancellation', 'noiseSuppression', 'autoGainControl'].some((name) => info.settings[name] === true) && <StateBadge tone="warn">{t('recorder.processed')}</StateBadge>}
      </div>
    </div>
  )
}
