import { Select, Switch } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { hearHorn, useSoundTools } from './sound-store.ts'

const WATTS = [25, 50, 75, 100, 120] as const

/** Lets this room hear the programme as from a horn on a pole. */
export function HornPreview() {
  const t = useT()
  const { hornOn, hornWatts } = useSoundTools()
  return (
    <section className="editor-side-block" aria-label={t('sound.horn.title')} data-testid="horn-preview">
      <h3>{t('sound.horn.title')}</h3>
      <div className="sound-horn">
        <Switch size="xs" label={t('sound.horn.hear')} checked={hornOn} onChange={(event) => hearHorn({ hornOn: event.currentTarget.checked })} data-testid="horn-switch" />
        <Select size="xs" w={92} aria-label={t('sound.horn.size')} allowDeselect={false} value={String(hornWatts)} data={WATTS.map((value) => ({ value: String(value), label: `${value} W` }))} onChange={(value) => hearHorn({ hornWatts: Number(value ?? hornWatts) })} />
      </div>
      <p className="dim sound-note">{t('sound.horn.why')}</p>
    </section>
  )
}
