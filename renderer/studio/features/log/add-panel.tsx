import { useEffect, useMemo, useRef, useState } from 'react'
import { Button, Group, SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import type { Item } from '#contract/library.ts'
import type { LogDay } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { lengthText } from '../../i18n/formats.ts'
import { EmptyNote, Panel } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { addLine } from './changes.ts'
import { placeAt } from './day-facts.ts'
import { pageHandles, selectedLine, useLogView } from './log-store.ts'
import { HardTimeField } from './timing-field.tsx'
import { readHardTime } from './typed.ts'
import { timeText } from './zone.ts'

type Kind = 'hard' | 'follow'

/** Approved items, found by a few letters, put after the chosen line or at a time. */
export function AddPanel(props: { day: LogDay | null; wantedItem: string | null }) {
  const t = useT()
  const { day } = props
  const [text, setText] = useState('')
  const [query] = useDebouncedValue(text, 150)
  const found = useStationQuery('library.list', { query, states: ['approved'], limit: 60 }, { events: ['library.changed'] })
  const wanted = useStationQuery('library.get', { itemId: props.wantedItem ?? '' }, { enabled: props.wantedItem !== null })
  const listed = found.data?.items ?? null
  const items = useMemo(() => {
    const extra = query === '' && wanted.data !== undefined && wanted.data.state === 'approved' && listed?.some((item) => item.id === wanted.data.id) === false ? [wanted.data] : []
    return [...extra, ...(listed ?? [])]
  }, [listed, query, wanted.data])
  const [itemId, setItemId] = useState<string | null>(props.wantedItem)
  // The list must be the one of the words typed: Enter never adds what the person no longer sees.
  const settled = listed !== null && text === query
  const [kind, setKind] = useState<Kind>('follow')
  const [time, setTime] = useState('')
  const selectedId = useLogView((view) => view.selectedId)
  const search = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (props.wantedItem !== null) setItemId(props.wantedItem)
  }, [props.wantedItem])
  useEffect(() => {
    if (settled && !items.some((item) => item.id === itemId)) setItemId(items[0]?.id ?? null)
  }, [settled, items, itemId])
  useEffect(() => {
    pageHandles.focusSearch = () => {
      search.current?.focus()
      search.current?.select()
    }
    return () => {
      pageHandles.focusSearch = null
    }
  }, [])
  const intoSlotId = useLogView((view) => view.intoSlotId)
  const into = day?.slots.find(({ id }) => id === intoSlotId) ?? null
  const empty = day !== null && day.lines.length === 0 && into === null
  const shownKind: Kind = empty ? 'hard' : kind
  const item = items.find((other) => other.id === itemId) ?? null
  const hard = day === null ? { wrong: 'format' as const } : readHardTime(time, day.broadcastDate, day.zone)
  const ready = settled && day !== null && item !== null && (shownKind === 'follow' || 'at' in hard)
  const add = (): void => {
    if (day === null || item === null) return
    const job = shownKind === 'follow'
      ? addLine({ itemId: item.id, timing: { kind: 'follow' }, ...(into === null ? { afterLineId: selectedLine()?.id ?? day.lines.at(-1)?.id ?? null } : { afterLineId: day.lines.findLast((line) => line.slotId === into.id)?.id ?? null, slotId: into.id }) })
      : 'at' in hard ? addLine({ itemId: item.id, timing: { kind: 'hard', at: hard.at, onReach: { kind: 'cut' } }, ...placeAt(day, hard.at) }) : null
    void job?.then(() => setTime(''), showError)
  }
  const step = (move: number): void => {
    const next = items[Math.max(0, Math.min(items.length - 1, items.findIndex((other) => other.id === itemId) + move))]
    if (next !== undefined) setItemId(next.id)
  }
  const soon = (): void => {
    if (day !== null) setTime(timeText(Math.ceil((Date.now() + 20_000) / 1000) * 1000, day.zone))
  }
  return (
    <Panel title={t('log.add.title')} className="grow" data-testid="log-add">
      <div className="log-add">
        <TextInput ref={search} aria-label={t('log.add.search')} placeholder={t('log.add.search')} value={text} maxLength={200} onChange={(event) => setText(event.currentTarget.value)} data-testid="log-add-search"
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return
            if (event.code === 'ArrowDown') step(1)
            else if (event.code === 'ArrowUp') step(-1)
            else if (event.code === 'Enter' && ready) add()
            else return
            event.preventDefault()
          }} />
        <ItemList items={items} settled={settled} chosen={itemId} onChoose={setItemId} onStep={step} onAdd={() => ready && add()} />
        <SegmentedControl fullWidth size="xs" aria-label={t('log.add.kind')} value={shownKind} onChange={(value) => setKind(value === 'hard' ? 'hard' : 'follow')} data={[{ value: 'follow', label: t('log.timing.follow'), disabled: empty }, { value: 'hard', label: t('log.timing.hard') }]} data-testid="log-add-kind" />
        {shownKind === 'hard' && day !== null && (
          <Group gap={6} align="end">
            <HardTimeField label={t('log.hardTime')} value={time} date={day.broadcastDate} zone={day.zone} onChange={setTime} onEnter={() => ready && add()} testId="log-add-time" />
            <Button variant="default" onClick={soon} data-testid="log-add-soon">{t('log.add.soon')}</Button>
          </Group>
        )}
        {shownKind === 'follow' && <p className="dim log-note">{into !== null ? t('log.add.intoSlot', { title: into.title }) : selectedId === null ? t('log.add.atEnd') : t('log.add.afterChosen', { title: selectedLine()?.title ?? '' })}</p>}
        <Button leftSection={<IconPlus size={15} aria-hidden />} disabled={!ready} onClick={add} data-testid="log-add-button">{item === null ? t('log.add.choose') : t('log.add.button', { title: item.title.length > 28 ? `${item.title.slice(0, 27)}…` : item.title })}</Button>
      </div>
    </Panel>
  )
}

function ItemList(props: { items: readonly Item[]; settled: boolean; chosen: string | null; onChoose: (itemId: string) => void; onStep: (move: number) => void; onAdd: () => void }) {
  const t = useT()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [props.chosen])
  if (props.items.length === 0) return <div className="log-items">{props.settled && <EmptyNote>{t('log.add.none')}</EmptyNote>}</div>
  return (
    <div ref={list} className="log-items" role="listbox" aria-label={t('log.add.items')} tabIndex={0} aria-activedescendant={props.chosen === null ? undefined : `log-item-${props.chosen}`}
      onKeyDown={(event) => {
        if (event.altKey || event.ctrlKey) return
        if (event.code === 'ArrowDown') props.onStep(1)
        else if (event.code === 'ArrowUp') props.onStep(-1)
        else if (event.code === 'Enter') props.onAdd()
        else return
        event.preventDefault()
      }}>
      {props.items.map((item) => (
        <div key={item.id} id={`log-item-${item.id}`} role="option" aria-selected={item.id === props.chosen} className="log-item" onClick={() => props.onChoose(item.id)} onDoubleClick={props.onAdd} data-testid="log-add-item" data-item-id={item.id}>
          <span className="name" title={item.title}>{item.title}</span>
          <span className="dim">{lengthText(item.lengthSamples)}</span>
        </div>
      ))}
    </div>
  )
}
