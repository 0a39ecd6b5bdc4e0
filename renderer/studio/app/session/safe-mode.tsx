import { useEffect, useState } from 'react'
import { Alert, Button, Stack, Table, Text, Title } from '@mantine/core'
import type { Backup } from '#contract/station.ts'
import { useT } from '../../i18n/index.ts'
import { bytesText, dayTimeText } from '../../i18n/formats.ts'
import { errorText, showError } from '../errors/index.ts'
import { call } from '../station-client/index.ts'

/** The database could not be opened: the last good copies are offered; the damaged file is kept beside. */
export function SafeMode() {
  const t = useT()
  const [backups, setBackups] = useState<Backup[] | null>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    call('station.backups', {}).then((answer) => setBackups(answer.backups), showError)
  }, [])
  const restore = async (file: string): Promise<void> => {
    setBusy(true)
    try {
      await call('station.restoreBackup', { file })
    } catch (error) {
      showError(error)
    } finally {
      setBusy(false)
    }
  }
  const text = errorText('database-corrupt')
  return (
    <main className="gate">
      <div className="gate-card" style={{ width: 620 }} data-testid="safe-mode">
        <Stack gap="sm">
          <Title order={1} size="h3">{t('session.safeMode.title')}</Title>
          <Alert color="red" title={text.happened}>{text.safe} {text.todo}</Alert>
          <Table>
            <Table.Thead><Table.Tr><Table.Th>{t('session.safeMode.when')}</Table.Th><Table.Th>{t('session.safeMode.size')}</Table.Th><Table.Th>{t('session.safeMode.state')}</Table.Th><Table.Th /></Table.Tr></Table.Thead>
            <Table.Tbody>
              {(backups ?? []).map((backup) => (
                <Table.Tr key={backup.file}>
                  <Table.Td>{dayTimeText(backup.at)}</Table.Td>
                  <Table.Td>{bytesText(backup.sizeBytes)}</Table.Td>
                  <Table.Td>{t(backup.good ? 'session.safeMode.good' : 'session.safeMode.bad')}</Table.Td>
                  <Table.Td><Button disabled={!backup.good || busy} onClick={() => void restore(backup.file)} data-testid="restore-backup">{t('session.safeMode.restore')}</Button></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {backups !== null && backups.length === 0 && <Text>{t('session.safeMode.none')}</Text>}
        </Stack>
      </div>
    </main>
  )
}
