import { Button } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { useMayEdit } from '../lease.tsx'
import { HornPreview } from './horn-switch.tsx'
import { EditorMeters } from './meters.tsx'
import { openLevelling } from './sound-store.ts'
import './sound.css'

/** Meters, levelling to another standard, and the ear at the pole: for the sound tab of the desk. */
export function SoundPanel() {
  const t = useT()
  const mayEdit = useMayEdit()
  return (
    <>
      <EditorMeters />
      <div className="sound-open"><Button size="compact-sm" variant="default" disabled={!mayEdit} onClick={openLevelling} data-testid="open-levelling">{t('sound.level.open')}</Button></div>
      <HornPreview />
    </>
  )
}
