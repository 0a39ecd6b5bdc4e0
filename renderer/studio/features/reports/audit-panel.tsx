import { useState } from 'react'
import { Button, Table } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { dayTimeText } from '../../i18n/formats.ts'
import { Panel, StateBadge } from '../../ui/index.ts'
import { call, useStationQuery } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'

/** The last entries of the audit chain, and whether it is whole. */
export function AuditPanel() {
  const t = useT()
  const entries = useStationQuery('audit.list', { limit: 100 }, { refetchMs: 10_000 })
  const [verdict, setVerdict] = useState<{ intact: boolean; entries: number } | null>(null)
  const verify = (): void => void call('audit.verify', {}).then(setVerdict, showError)
  return (
    <Panel title={t('reports.audit.title')} flush scrolls className="grow" data-testid="audit" aside={<>
      {verdict !== null && <StateBadge tone={verdict.intact ? 'ok' : 'bad'}>{t(verdict.intact ? 'reports.audit.intact' : 'reports.audit.broken', { count: verdict.entries })}</StateBadge>}
      <Button variant="default" size="compact-xs" onClick={verify}>{t('reports.audit.verify')}</Button>
    </>}>
      <Table stickyHeader>
        <Table.Thead><Table.Tr><Table.Th>{t('reports.audit.when')}</Table.Th><Table.Th>{t('reports.audit.who')}</Table.Th><Table.Th>{t('reports.audit.action')}</Table.Th><Table.Th>{t('reports.audit.subject')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {(entries.data?.entries ?? []).map((entry) => <Table.Tr key={entry.seq}><Table.Td>{dayTimeText(entry.at)}</Table.Td><Table.Td>{entry.who}</Table.Td><Table.Td>{entry.action}</Table.Td><Table.Td>{entry.subject}</Table.Td></Table.Tr>)}
        </Table.Tbody>
      </Table>
    </Panel>
  )
}
