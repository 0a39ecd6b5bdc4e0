import { useEffect, useState, type FormEvent } from 'react'
import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import type { Keep } from '#contract/library.ts'
import { useT } from '../../i18n/index.ts'
import { bytesText } from '../../i18n/formats.ts'
import { showError } from '../../app/errors/index.ts'
import { importBrought } from './import-files.ts'
import { showLibrary, useLibraryView } from './library-store.ts'

/** Copy into the library, or use in place: the station's advice is chosen already, Enter takes it. */
export function ImportDialog() {
  const t = useT()
  const brought = useLibraryView((view) => view.brought)
  const [keep, setKeep] = useState<Keep>('copy')
  useEffect(() => {
    if (brought !== null) setKeep(brought.plan.suggest)
  }, [brought])
  const close = (): void => showLibrary({ brought: null })
  const start = (event: FormEvent): void => {
    event.preventDefault()
    if (brought === null) return
    close()
    void importBrought(brought, keep).catch(showError)
  }
  const plan = brought?.plan
  return (
    <Modal opened={brought !== null} onClose={close} size={500} title={t('holdings.bring.title', { count: plan?.files ?? 0, bytes: bytesText(plan?.bytes ?? 0), more: plan?.more === true ? 'yes' : 'no' })} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {plan !== undefined && (
        <form onSubmit={start} data-testid="import-dialog">
          <Stack gap="sm">
            <Radio.Group value={keep} onChange={(value) => setKeep(value === 'inPlace' ? 'inPlace' : 'copy')} aria-label={t('holdings.bring.how')}>
              <Stack gap={8}>
                <Radio value="copy" label={t('holdings.bring.copy')} description={t('holdings.bring.copyHow')} data-testid="keep-copy" />
                <Radio value="inPlace" label={t('holdings.bring.inPlace')} description={t('holdings.bring.inPlaceHow')} data-testid="keep-in-place" />
              </Stack>
            </Radio.Group>
            <Text size="xs" className="dim" data-testid="import-because">{t(`holdings.bring.because.${plan.because}`)}</Text>
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>{t('app.cancel')}</Button>
              <Button type="submit" data-autofocus data-testid="import-start">{t('holdings.bring.start')}</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
