import { Group, Stack, Text } from '@mantine/core'
import type { Item } from '#contract/library.ts'
import { useT } from '../../i18n/index.ts'
import { bytesText, dayTimeText, decibelText, lengthText } from '../../i18n/formats.ts'
import { EmptyNote, Panel, StateBadge } from '../../ui/index.ts'
import { useMay, useStationQuery } from '../../app/station-client/index.ts'
import { useLibraryView } from './library-store.ts'
import { BroadcastInfo } from './broadcast-info.tsx'
import { ItemPlace } from './item-place.tsx'
import { ItemForm } from './item-form.tsx'
import { ItemProtection } from './item-protection.tsx'
import { ItemSteps } from './item-steps.tsx'
import { LostSound } from './lost-sound.tsx'
import { Preview } from './preview.tsx'
import { stateTone } from './words.ts'

export function DetailPanel() {
  const t = useT()
  const selectedId = useLibraryView((view) => view.selectedId)
  const { data: item } = useStationQuery('library.get', { itemId: selectedId ?? '' }, { enabled: selectedId !== null, events: ['library.changed'] })
  const mayEdit = useMay('recorder')
  const shown = selectedId === null || item === undefined || item.id !== selectedId ? null : item
  return (
    <Panel label={t('library.detail.region')} className="library-detail" data-testid="library-detail">
      {shown === null ? <EmptyNote>{t('library.detail.none')}</EmptyNote> : (
        <Stack gap={10}>
          <Group gap={8} wrap="nowrap" align="flex-start">
            <Text fw={600} style={{ overflowWrap: 'anywhere' }} data-testid="detail-title">{shown.number} · {shown.title}</Text>
            <span style={{ marginInlineStart: 'auto' }}><StateBadge tone={stateTone[shown.state]} data-testid="detail-state">{t(`library.states.${shown.state}`)}</StateBadge></span>
          </Group>
          {shown.returnedNote !== null && <Text size="sm" data-testid="returned-note">{t('library.detail.returned', { note: shown.returnedNote })}</Text>}
          {shown.fileMissing === true ? <LostSound item={shown} /> : <Preview key={shown.id} item={shown} mayEdit={mayEdit} keys />}
          <ItemPlace item={shown} />
          <ItemSteps item={shown} />
          <ItemProtection key={`${shown.id} ${shown.embargoUntil ?? ''}`} item={shown} />
          <ItemForm key={formKey(shown)} item={shown} />
          <Facts item={shown} />
          <BroadcastInfo itemId={shown.id} />
        </Stack>
      )}
    </Panel>
  )
}

/** The form starts anew when what it shows was changed elsewhere, not when a cue was set: a half-typed title must stay. */
const formKey = (item: Item): string => JSON.stringify([item.id, item.title, item.kind, item.origin, item.essential, item.tags, item.note, item.state])

function Facts(props: { item: Item }) {
  const t = useT()
  const { item } = props
  const { loudness } = item
  const facts: [string, string][] = [
    [t('library.columns.length'), lengthText(item.lengthSamples)],
    [t('library.detail.codec'), t('library.detail.format', { codec: item.codec, rateKhz: (item.sourceRateHz / 1000).toLocaleString('vi-VN'), channels: item.channels })],
    [t('library.detail.size'), bytesText(item.sizeBytes)],
    [t('library.detail.loudness'), loudness?.integratedLufs == null ? t('library.detail.loudnessUnknown') : t('library.detail.loudnessValue', { lufs: decibelText(loudness.integratedLufs), peak: decibelText(loudness.truePeakDbtp) })],
    [t('library.detail.gain'), t('library.detail.gainValue', { gain: `${item.playGainDb > 0 ? '+' : ''}${decibelText(item.playGainDb)}` })],
    [t('library.columns.created'), t('library.detail.createdBy', { name: item.createdBy === 'watch-folder' ? t('library.watchFolder') : item.createdBy, at: dayTimeText(item.createdAt) })],
  ]
  if (item.approvedAt !== null && item.approvedBy !== null) facts.push([t('library.states.approved'), t('library.detail.approved', { name: item.approvedBy, at: dayTimeText(item.approvedAt) })])
  return (
    <dl className="library-facts" aria-label={t('library.detail.technical')}>
      {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  )
}
