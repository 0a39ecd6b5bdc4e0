import { Checkbox, Select, Switch } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { Kbd } from '../../ui/index.ts'
import { changeSettings, useRecorderSettings } from './recorder-settings.ts'

const MINUTES = [5, 10, 15, 30, 60, 120] as const

/** Count-in and automatic parts; kept between days. */
export function OptionsRow(props: { disabled: boolean }) {
  const t = useT()
  const { countIn, splitMinutes, splitAtMarks } = useRecorderSettings()
  return (
    <div className="recorder-options">
      <Switch size="xs" label={<>{t('recorder.options.countIn')} <Kbd>D</Kbd></>} checked={countIn} onChange={(event) => changeSettings({ countIn: event.currentTarget.checked })} data-testid="count-in" />
      <Select size="xs" w={170} aria-label={t('recorder.options.split')} disabled={props.disabled} allowDeselect={false} value={splitMinutes === null ? 'none' : String(splitMinutes)} data-testid="split-minutes"
        data={[{ value: 'none', label: t('recorder.options.noSplit') }, ...MINUTES.map((minutes) => ({ value: String(minutes), label: t('recorder.options.splitEvery', { minutes }) }))]}
        onChange={(value) => changeSettings({ splitMinutes: value === null || value === 'none' ? null : Number(value) })} />
      <Checkbox size="xs" label={t('recorder.options.splitAtMarks')} disabled={props.disabled} checked={splitAtMarks} onChange={(event) => changeSettings({ splitAtMarks: event.currentTarget.checked })} data-testid="split-marks" />
    </div>
  )
}
