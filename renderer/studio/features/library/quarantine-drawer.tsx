import { Button, Drawer, Group, Stack, Text } from '@mantine/core'
import type { Quarantined } from '#contract/library.ts'
import { useT } from '../../i18n/index.ts'
import { bytesText, dayTimeText } from '../../i18n/formats.ts'
import { EmptyNote } from '../../ui/index.ts'
import { call, useMay, useStationQuery } from '../../app/station-client/index.ts'
import { errorText, showError } from '../../app/errors/index.ts'
import { showLibrary, useLibraryView } from './library-store.ts'

export function useQuarantine(): readonly Quarantined[] {
  return useStationQuery('library.quarantine', {}, { events: ['library.quarantineChanged'] }).data?.files ?? []
}

/** Refused files: what happened, what is safe, what to do; try again or let go. */
export function QuarantineDrawer() {
  const t = useT()
  const opened = useLibraryView((view) => view.quarantineOpen)
  const files = useQuarantine()
  return (
    <Drawer opened={opened} onClose={() => showLibrary({ quarantineOpen: false })} position="right" size={460} title={t('library.quarantine.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <Stack gap="sm" data-testid="quarantine">
        <Text size="sm" className="dim">{t('library.quarantine.explain')}</Text>
        {files.length === 0 ? <EmptyNote>{t('library.quarantine.none')}</EmptyNote> : files.map((file) => <File key={file.id} file={file} />)}
      </Stack>
    </Drawer>
  )
}

function File(props: { file: Quarantined }) {
  const t = useT()
  const { file } = props
  const mayAct = useMay('recorder')
  const text = errorText(file.reason.code, file.reason.data)
  return (
    <article className="library-quarantined" data-testid="quarantined" data-code={file.reason.code}>
      <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>{file.fileName}</Text>
      <Text size="xs" className="dim">{dayTimeText(file.at)} · {bytesText(file.sizeBytes)}</Text>
      <Text size="sm">{text.happened} {text.todo}</Text>
      {mayAct && (
        <Group gap={6} mt={4}>
          <Button size="compact-xs" variant="light" aria-label={t('library.quarantine.retryName', { name: file.fileName })} onClick={() => void call('library.retryQuarantined', { quarantinedId: file.id }).catch(showError)} data-testid="quarantine-retry">{t('library.quarantine.retry')}</Button>
          <Button size="compact-xs" variant="default" aria-label={t('library.quarantine.dismissName', { name: file.fileName })} onClick={() => void call('library.dismissQuarantined', { quarantinedId: file.id }).catch(showError)} data-testid="quarantine-dismiss">{t('library.quarantine.dismiss')}</Button>
        </Group>
      )}
    </article>
  )
}
