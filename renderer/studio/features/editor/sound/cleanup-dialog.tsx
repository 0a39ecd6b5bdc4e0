import { useState } from 'react'
import { Modal, SegmentedControl, Stack } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { clipsAtHand } from '../commands/at-hand.ts'
import { showEditor, useEditor } from '../editor-store.ts'
import { TreatForm } from './treat-form.tsx'
import type { ClipTreatment } from './treat-form.tsx'
import { CleanUpChoices, HornChoices } from './treatments.tsx'

/** Cleans the voice of the clips at hand, or shapes it for horns: heard before and after on an excerpt, then made as new items of the library. */
export function CleanupDialog() {
  const t = useT()
  const opened = useEditor((state) => state.dialog === 'cleanUp')
  const close = (): void => showEditor({ dialog: 'none' })
  return (
    <Modal opened={opened} onClose={close} size={560} title={t('sound.cleanUp.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && <OfThisMoment onClose={close} />}
    </Modal>
  )
}

/** What is at hand when the dialog opens is what it works on. */
function OfThisMoment(props: { onClose: () => void }) {
  const t = useT()
  const [clips] = useState(clipsAtHand)
  const [kind, setKind] = useState<ClipTreatment['kind']>('cleanUp')
  const [cleanUp, setCleanUp] = useState<Extract<ClipTreatment, { kind: 'cleanUp' }>>({ kind: 'cleanUp', amount: 50, reducer: 'rnnoise', rumble: true, hum: true, noise: true, clicks: false, sibilance: true })
  const [horn, setHorn] = useState<Extract<ClipTreatment, { kind: 'horn' }>>({ kind: 'horn', upperHz: 4_500, compression: 60, standard: null })
  if (clips.length === 0) return <p className="dim">{t('sound.cleanUp.nothing')}</p>
  return (
    <Stack gap="sm">
      <SegmentedControl size="xs" aria-label={t('sound.cleanUp.kinds')} value={kind} onChange={(value) => setKind(value === 'horn' ? 'horn' : 'cleanUp')} data={[{ value: 'cleanUp', label: t('sound.cleanUp.title') }, { value: 'horn', label: t('sound.horn.make') }]} data-testid="treat-kind" />
      <TreatForm clips={clips} treatment={kind === 'horn' ? horn : cleanUp} isIdle={kind === 'cleanUp' && cleanUp.amount === 0} onClose={props.onClose}>
        {kind === 'horn' ? <HornChoices value={horn} onChange={setHorn} /> : <CleanUpChoices value={cleanUp} onChange={setCleanUp} />}
      </TreatForm>
    </Stack>
  )
}
