import { Table } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { bytesText, dayTimeText } from '../../i18n/formats.ts'
import { useStationQuery } from '../../app/station-client/index.ts'

export function StationFacts() {
  const t = useT()
  const status = useStationQuery('station.status', {}, { events: ['station.status'] }).data
  if (status === undefined) return null
  const rows: [string, string][] = [
    [t('settings.about.version'), status.version], [t('settings.about.dataFolder'), status.dataFolder], [t('settings.about.startedAt'), dayTimeText(status.startedAt)],
    [t('settings.about.free'), status.freeBytes === null ? '—' : bytesText(status.freeBytes)], [t('settings.about.ffmpeg'), status.ffmpeg === null ? t('settings.about.missing') : `${status.ffmpeg.version} · ${status.ffmpeg.path}`],
    [t('settings.about.studioUrl'), status.studioUrl], [t('settings.about.devicesUrl'), status.devicesUrl ?? '—'], [t('settings.about.brokerUrl'), status.brokerUrl ?? '—'],
  ]
  return <Table w={720}><Table.Tbody>{rows.map(([name, value]) => <Table.Tr key={name}><Table.Th scope="row">{name}</Table.Th><Table.Td>{value}</Table.Td></Table.Tr>)}</Table.Tbody></Table>
}
