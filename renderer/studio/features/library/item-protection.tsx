import { useState } from 'react'
import { Button, Checkbox, Group, TextInput } from '@mantine/core'
import { approvalsWanted, validApprovals } from '#common/approval/index.ts'
import type { Item } from '#contract/library.ts'
import { useT } from '../../i18n/index.ts'
import { broadcastDateOf, dayTimeText, instantOfTexts, minuteText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'
import { call, useMay } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'

/** Two approvers, an embargo: anybody who edits may ask for more care, only an approver takes it away. */
export function ItemProtection(props: { item: Item }) {
  const t = useT()
  const { item } = props
  const { embargoUntil } = item
  const mayTighten = useMay('editor')
  const mayRelax = useMay('approver')
  const [date, setDate] = useState(embargoUntil === undefined ? '' : broadcastDateOf(embargoUntil))
  const [time, setTime] = useState(embargoUntil === undefined ? '' : minuteText(embargoUntil))
  const wanted = instantOfTexts(date, time)
  const isTyped = date !== '' || time !== ''
  const protect = (change: { sensitive?: boolean; embargoUntil?: number | null }): void => void call('library.protect', { itemId: item.id, rev: item.rev, ...change }).catch(showError)
  const [first] = validApprovals(item)
  const waits = item.sensitive === true && item.state === 'submitted' && first !== undefined && approvalsWanted(item) === 2
  return (
    <fieldset className="library-place item-protection" data-testid="item-protection">
      <legend>{t('library.protection.legend')}</legend>
      {waits && <p><StateBadge tone="warn" data-testid="second-approval">{t('library.protection.waitsSecond')}</StateBadge> <span className="dim">{t('library.protection.firstBy', { name: first.by, at: dayTimeText(first.at) })}</span></p>}
      <Checkbox size="xs" label={t('library.protection.sensitive')} checked={item.sensitive === true} disabled={!mayTighten || (item.sensitive === true && !mayRelax)} title={item.sensitive === true && !mayRelax ? t('library.protection.relaxHint') : undefined} onChange={(event) => protect({ sensitive: event.currentTarget.checked })} data-testid="item-sensitive" />
      {embargoUntil !== undefined && <p><StateBadge tone={embargoUntil > Date.now() ? 'wait' : 'idle'} data-testid="item-embargo">{t('library.protection.until', { at: dayTimeText(embargoUntil) })}</StateBadge></p>}
      {mayTighten && (
        <Group gap={4} align="center" mt={4}>
          {embargoUntil === undefined && <span className="item-protection-name">{t('library.protection.embargo')}</span>}
          <TextInput size="xs" w={118} type="date" aria-label={t('library.protection.embargoDate')} value={date} onChange={(event) => setDate(event.currentTarget.value)} data-testid="embargo-date" />
          <TextInput size="xs" w={66} placeholder="17:00" aria-label={t('library.protection.embargoTime')} value={time} error={isTyped && wanted === null} onChange={(event) => setTime(event.currentTarget.value)} data-testid="embargo-time" />
          <Button size="compact-xs" variant="default" disabled={wanted === null || wanted === embargoUntil} onClick={() => protect({ embargoUntil: wanted })} data-testid="embargo-set">{t('library.protection.setEmbargo')}</Button>
          {embargoUntil !== undefined && mayRelax && <Button size="compact-xs" variant="default" onClick={() => protect({ embargoUntil: null })} data-testid="embargo-clear">{t('library.protection.clearEmbargo')}</Button>}
        </Group>
      )}
      {isTyped && wanted === null && <p className="bad" role="status">{t('library.protection.wrongTime')}</p>}
    </fieldset>
  )
}
