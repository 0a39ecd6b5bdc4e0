import { useState } from 'react'
import { ActionIcon, Group, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react'
import { useT } from '../../i18n/index.ts'
import { lengthText } from '../../i18n/formats.ts'
import { useStationQuery } from '../../app/station-client/index.ts'

/** Items that sound when what was planned cannot, in order: found by a few letters, moved and taken out by buttons. */
export function BackupsEditor(props: { ids: readonly string[]; disabled: boolean; label: string; onChange: (ids: string[]) => void }) {
  const t = useT()
  const { ids, disabled } = props
  const [text, setText] = useState('')
  const [query] = useDebouncedValue(text, 150)
  const found = useStationQuery('library.list', { query, states: ['approved'], limit: 8 }, { enabled: text !== '', events: ['library.changed'] })
  const offered = text === '' || text !== query ? [] : (found.data?.items ?? []).filter((item) => !ids.includes(item.id))
  const add = (itemId: string | undefined): void => {
    if (itemId === undefined || ids.length >= 20) return
    setText('')
    props.onChange([...ids, itemId])
  }
  const swap = (at: number, by: number): void => {
    const next = [...ids]
    const [one, other] = [next[at], next[at + by]]
    if (one === undefined || other === undefined) return
    next[at] = other
    next[at + by] = one
    props.onChange(next)
  }
  return (
    <div className="log-backups" data-testid="log-backups">
      <span className="log-label">{props.label}</span>
      {ids.length > 0 && (
        <ol>
          {ids.map((itemId, at) => (
            <li key={itemId} data-testid="log-backup">
              <BackupTitle itemId={itemId} />
              <ActionIcon size="xs" variant="subtle" disabled={disabled || at === 0} aria-label={t('log.backups.up')} onClick={() => swap(at, -1)}><IconArrowUp size={13} /></ActionIcon>
              <ActionIcon size="xs" variant="subtle" disabled={disabled || at === ids.length - 1} aria-label={t('log.backups.down')} onClick={() => swap(at, 1)}><IconArrowDown size={13} /></ActionIcon>
              <ActionIcon size="xs" variant="subtle" disabled={disabled} aria-label={t('log.backups.remove')} onClick={() => props.onChange(ids.filter((other) => other !== itemId))} data-testid="log-backup-remove"><IconX size={13} /></ActionIcon>
            </li>
          ))}
        </ol>
      )}
      <TextInput size="xs" aria-label={t('log.backups.search')} placeholder={t('log.backups.search')} value={text} maxLength={200} disabled={disabled || ids.length >= 20} onChange={(event) => setText(event.currentTarget.value)} data-testid="log-backup-search"
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || event.code !== 'Enter') return
          add(offered[0]?.id)
          event.preventDefault()
        }} />
      {offered.map((item) => (
        <button key={item.id} type="button" className="log-item" onClick={() => add(item.id)} data-testid="log-backup-offer"><Group gap={4} wrap="nowrap"><IconPlus size={13} aria-hidden /><span className="name">{item.title}</span></Group><span className="dim">{lengthText(item.lengthSamples)}</span></button>
      ))}
    </div>
  )
}

function BackupTitle(props: { itemId: string }) {
  const { data } = useStationQuery('library.get', { itemId: props.itemId }, { events: ['library.changed'] })
  return <span className="name" title={data?.title}>{data?.title ?? '…'}</span>
}
