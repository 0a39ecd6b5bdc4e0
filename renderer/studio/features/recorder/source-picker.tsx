import { useState } from 'react'
import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import { IconEar } from '@tabler/icons-react'
import { useShallow } from 'zustand/react/shallow'
import type { StationInput } from '#contract/recorder.ts'
import { useT } from '../../i18n/index.ts'
import { decibelText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'
import { call } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'
import { chooseInput } from './input-owner.ts'
import { changeSettings, useRecorderSettings, type RecorderSettings } from './recorder-settings.ts'
import { useRecorderStore } from './recorder-store.ts'

const isSource = (value: string): value is RecorderSettings['source'] => value === 'device' || value === 'stream' || value === 'air'

/** Where the sound comes from: a microphone or line of this computer, a stream, or the programme on the air. */
export function SourcePicker(props: { disabled: boolean }) {
  const t = useT()
  const { source } = useRecorderSettings()
  const { channels, deviceId } = useRecorderStore(useShallow((state) => ({ channels: state.channels, deviceId: state.deviceId })))
  return (
    <>
      <SegmentedControl size="xs" aria-label={t('recorder.source.label')} disabled={props.disabled} value={source} onChange={(value) => isSource(value) && changeSettings({ source: value })} data-testid="source"
        data={[{ value: 'device', label: t('recorder.source.device') }, { value: 'stream', label: t('recorder.source.stream') }, { value: 'air', label: t('recorder.source.air') }]} />
      {source === 'device' && <DevicePicker disabled={props.disabled} />}
      {source === 'stream' && <StreamField disabled={props.disabled} />}
      {source === 'air' && <TryInput input={{ kind: 'air' }} disabled={props.disabled} />}
      <SegmentedControl size="xs" aria-label={t('recorder.channels')} data={[{ value: '1', label: t('recorder.mono') }, { value: '2', label: t('recorder.stereo') }]} value={String(channels)} disabled={props.disabled}
        onChange={(value) => void chooseInput(deviceId, value === '2' ? 2 : 1)} data-testid="channels" />
    </>
  )
}

function DevicePicker(props: { disabled: boolean }) {
  const t = useT()
  const { devices, deviceId, channels } = useRecorderStore(useShallow((state) => ({ devices: state.devices, deviceId: state.deviceId, channels: state.channels })))
  const data = devices.map((device, index) => ({ value: device.deviceId, label: device.label || t('recorder.unnamedDevice', { number: index + 1 }) }))
  return (
    <Select aria-label={t('recorder.device')} placeholder={t('recorder.device')} w={260} data={data} value={data.some((one) => one.value === deviceId) ? deviceId : null} disabled={props.disabled || data.length === 0} allowDeselect={false}
      onChange={(value) => void chooseInput(value, channels)} data-testid="device" />
  )
}

const addressLooksRight = (url: string): boolean => /^https?:\/\/[^\s/]+/i.test(url.trim())

function StreamField(props: { disabled: boolean }) {
  const t = useT()
  const { streamUrl } = useRecorderSettings()
  const wrong = streamUrl.trim() !== '' && !addressLooksRight(streamUrl)
  return (
    <>
      <TextInput size="xs" w={280} aria-label={t('recorder.source.url')} placeholder="https://…" value={streamUrl} maxLength={1_000} disabled={props.disabled} error={wrong} aria-invalid={wrong} onChange={(event) => changeSettings({ streamUrl: event.currentTarget.value })} data-testid="stream-url" />
      <TryInput input={{ kind: 'stream', url: streamUrl.trim() }} disabled={props.disabled || !addressLooksRight(streamUrl)} />
    </>
  )
}

/** One second of listening by the station, told as a level: what a meter is for a microphone. */
function TryInput(props: { input: StationInput; disabled: boolean }) {
  const t = useT()
  const [trying, setTrying] = useState(false)
  const [heard, setHeard] = useState<readonly number[] | null>(null)
  const listen = async (): Promise<void> => {
    setTrying(true)
    setHeard(null)
    try {
      setHeard((await call('recorder.tryInput', { input: props.input })).peakDbfs)
    } catch (error) {
      showError(error)
    } finally {
      setTrying(false)
    }
  }
  const loudest = heard === null ? null : Math.max(...heard, -120)
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconEar size={14} aria-hidden />} loading={trying} disabled={props.disabled} onClick={() => void listen()} data-testid="try-input">{t('recorder.source.try')}</Button>
      {loudest !== null && <StateBadge tone={loudest > -60 ? 'ok' : 'warn'} data-testid="tried">{loudest > -60 ? t('recorder.source.heard', { level: decibelText(loudest) }) : t('recorder.source.heardNothing')}</StateBadge>}
    </>
  )
}
