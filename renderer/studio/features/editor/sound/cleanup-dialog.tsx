import { useState } from 'react'
import { Modal } from '@mantine/core'
import type { Clip } from '#common/edl/index.ts'
import { useT } from '../../../i18n/index.ts'
import { clipsAtHand } from '../commands/at-hand.ts'
import { showEditor, useEditor } from '../editor-store.ts'
import { CleanupForm } from './cleanup-form.tsx'

/** Cleans the voice of the clips at hand: heard before and after on an excerpt, then made as new items of the library. */
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
  const [clips] = useState<Clip[]>(clipsAtHand)
  if (clips.length === 0) return <p className="dim">{t('sound.cleanUp.nothing')}</p>
  return <CleanupForm clips={clips} onClose={props.onClose} />
}
