import { SegmentedControl, Select } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { chooseInput } from './input-owner.ts'
import { useRecorderStore } from './recorder-store.ts'

export function InputPicker(props: { disabled: boolean }) {
  const t = useT()
  const { devices, deviceId, channels } = useRecorderStore()
  const data = devices.map((device, index) => ({ value: device.deviceId, label: device.label || t('recorder.unnamedDevice', { number: index + 1 }) }))
  return (
    <>
      <Select aria-label={t('recorder.device')} placeholder={t('recorder.device')} w={300} data={data} value={data.some((one) => one.value === deviceId) ? deviceId : null} disabled={props.disabled || data.length === 0} allowDeselect={false}
        onChange={(value) => void chooseInput(value, channels)} data-testid="device" />
      <SegmentedControl aria-label={t('recorder.channels')} data={[{ value: '1', label: t('recorder.mono') }, { value: '2', label: t('recorder.stereo') }]} value={String(channels)} disabled={props.disabled}
        onChange={(value) => void chooseInput(deviceId, value === '2' ? 2 : 1)} data-testid="channels" />
    </>
  )
}
