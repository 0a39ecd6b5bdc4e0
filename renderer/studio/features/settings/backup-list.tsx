import { Button, Stack, Table } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { bytesText, dayTimeText } from '../../i18n/formats.ts'
import { call, useStationQuery } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'

export function BackupList() {
  const t = useT()
  const backups = useStationQuery('station.backups', {}, { events: ['jobs.changed'] })
  return (
    <Stack gap="sm">
      <Button w={180} onClick={() => void call('station.backupNow', {}).catch(showError)}>{t('settings.backups.now')}</Button>
      <Table>
        <Table.Thead><Table.Tr><Table.Th>{t('session.safeMode.when')}</Table.Th><Table.Th>{t('session.safeMode.size')}</Table.Th><Table.Th>{t('session.safeMode.state')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {(backups.data?.backups ?? []).map((backup) => (
            <Table.Tr key={backup.file}><Table.Td>{dayTimeText(backup.at)}</Table.Td><Table.Td>{bytesText(backup.sizeBytes)}</Table.Td><Table.Td>{t(backup.good ? 'session.safeMode.good' : 'session.safeMode.bad')}</Table.Td></Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}
