import { Checkbox, SegmentedControl, Select, Slider, Text } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { useStationQuery } from '../../../app/station-client/index.ts'
import type { ClipTreatment } from './treat-form.tsx'

type CleanUp = Extract<ClipTreatment, { kind: 'cleanUp' }>
type Horn = Extract<ClipTreatment, { kind: 'horn' }>
const steps = ['rumble', 'hum', 'noise', 'clicks', 'sibilance'] as const
/** Where the horns of the place end: old ones low, new ones higher. */
const LIMITS_HZ = [4_000, 4_500, 5_000, 6_000] as const

function Amount(props: { id: string; label: string; value: number; onChange: (value: number) => void }) {
  return (
    <div>
      <Text size="sm" fw={500} id={props.id}>{props.label}</Text>
      <Slider min={0} max={100} step={5} value={props.value} onChange={props.onChange} label={null} thumbProps={{ 'aria-labelledby': props.id }} data-testid={props.id} />
    </div>
  )
}

/** One slider for the strength, and which of the troubles it is for. */
export function CleanUpChoices(props: { value: CleanUp; onChange: (value: CleanUp) => void }) {
  const t = useT()
  const { value, onChange } = props
  const abilities = useStationQuery('sound.abilities', {}).data
  const reducers = abilities?.reducers ?? []
  const can = { rumble: true, hum: true, noise: abilities === undefined || abilities.reducers.length > 0, clicks: abilities?.clicks !== false, sibilance: abilities?.sibilance !== false }
  return (
    <>
      <Amount id="cleanup-amount" label={t('sound.cleanUp.amount', { amount: value.amount })} value={value.amount} onChange={(amount) => onChange({ ...value, amount })} />
      <div className="sound-steps">
        {steps.map((step) => (
          <Checkbox key={step} size="sm" label={t(`sound.cleanUp.steps.${step}`)} description={can[step] ? undefined : t('sound.cleanUp.cannot')} disabled={!can[step]} checked={value[step] !== false && can[step]} data-testid={`cleanup-${step}`} onChange={(event) => onChange({ ...value, [step]: event.currentTarget.checked })} />
        ))}
      </div>
      {value.noise !== false && reducers.length > 1 && (
        <div>
          <Text size="sm" fw={500} id="cleanup-reducer">{t('sound.reducer.title')}</Text>
          <SegmentedControl size="xs" fullWidth aria-labelledby="cleanup-reducer" value={value.reducer ?? 'rnnoise'} onChange={(reducer) => onChange({ ...value, reducer: reducer === 'afftdn' ? 'afftdn' : 'rnnoise' })} data={reducers.map((one) => ({ value: one, label: t(`sound.reducer.${one}`) }))} data-testid="cleanup-reducer" />
        </div>
      )}
    </>
  )
}

/** Speech as a horn on a pole can carry it. */
export function HornChoices(props: { value: Horn; onChange: (value: Horn) => void }) {
  const t = useT()
  const { value, onChange } = props
  return (
    <>
      <Amount id="horn-compression" label={t('sound.horn.compression', { amount: value.compression ?? 60 })} value={value.compression ?? 60} onChange={(compression) => onChange({ ...value, compression })} />
      <Select w={250} label={t('sound.horn.limit')} allowDeselect={false} value={String(value.upperHz ?? 4_500)} data={LIMITS_HZ.map((hz) => ({ value: String(hz), label: t('sound.horn.band', { to: hz }) }))} onChange={(hz) => onChange({ ...value, upperHz: Number(hz ?? 4_500) })} data-testid="horn-limit" />
      <Text size="xs" className="dim">{t('sound.horn.what')}</Text>
    </>
  )
}
