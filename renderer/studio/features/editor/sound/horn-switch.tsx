import { useState } from 'react'
import { Select, Switch } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { player } from '../transport.ts'

const WATTS = [25, 50, 75, 100, 120] as const

/** Lets this room hear the programme as from a horn on a pole. Only this room: export and air are not touched. */
export function HornPreview() {
  const t = useT()
  const [watts, setWatts] = useState(player.monitor.hornWatts)
  const [size, setSize] = useState<number>(player.monitor.hornWatts ?? 50)
  const hear = (next: number | null): void => {
    player.monitor.setHorn(next)
    setWatts(next)
  }
  return (
    <section className="editor-side-block" aria-label={t('sound.horn.title')} data-testid="horn-preview">
      <h3>{t('sound.horn.title')}</h3>
      <div className="sound-horn">
        <Switch size="xs" label={t('sound.horn.hear')} checked={watts !== null} onChange={(event) => hear(event.currentTarget.checked ? size : null)} data-testid="horn-switch" />
        <Select size="xs" w={92} aria-label={t('sound.horn.size')} allowDeselect={false} value={String(size)} data={WATTS.map((value) => ({ value: String(value), label: `${value} W` }))} onChange={(value) => {
          const next = Number(value ?? size)
          setSize(next)
          if (watts !== null) hear(next)
        }} />
      </div>
      <p className="dim sound-note">{t('sound.horn.why')}</p>
    </section>
  )
}
