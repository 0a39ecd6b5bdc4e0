import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { IconCheck, IconLink, IconLinkOff } from '@tabler/icons-react'
import type { Item } from '#contract/library.ts'
import { useT } from '../../i18n/index.ts'
import { dayText, decibelText, lengthText } from '../../i18n/formats.ts'
import { EmptyNote, StateBadge } from '../../ui/index.ts'
import { pageHandles, showLibrary, useLibraryView } from './library-store.ts'
import { useChoice, type How } from './use-choice.ts'
import { useItems } from './use-items.ts'
import { stateTone } from './words.ts'

const ROW_PX = 30
const columns = ['number', 'title', 'kind', 'state', 'length', 'loudness', 'created', 'createdBy'] as const

/** The library as a grid: only the rows on the screen exist, arrows move the choice, Shift, Ctrl and Insert make it several. */
export function ItemTable(props: { onOpen: () => void }) {
  const t = useT()
  const { selectedId, chosen, query, kind, state } = useLibraryView()
  const scroller = useRef<HTMLDivElement>(null)
  const [shown, setShown] = useState({ first: 0, last: 60 })
  const items = useItems(shown.first, shown.last)
  const total = items.total ?? 0
  const rows = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 12 })
  const virtual = rows.getVirtualItems()
  const first = virtual[0]?.index ?? 0
  const last = virtual.at(-1)?.index ?? 60
  useEffect(() => setShown({ first, last }), [first, last])
  useEffect(() => rows.scrollToOffset(0), [query, kind, state, rows])

  const [cursor, setCursor] = useState(-1)
  const visibleSelection = virtual.find((row) => items.at(row.index)?.id === selectedId)?.index
  useEffect(() => {
    if (visibleSelection !== undefined) setCursor(visibleSelection)
  }, [visibleSelection])
  const choice = useChoice(items)
  const choose = (index: number, how: How = 'one'): void => {
    const target = Math.max(0, Math.min(total - 1, index))
    const item = items.at(target)
    if (item === undefined) return
    setCursor(target)
    choice.take(target, how)
    showLibrary({ selectedId: item.id })
    rows.scrollToIndex(target)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || event.altKey || event.metaKey) return
    if (event.ctrlKey) {
      if (event.code !== 'Space') return
      choose(cursor, 'toggle')
      return event.preventDefault()
    }
    const how = event.shiftKey ? 'range' : 'one'
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW_PX) / ROW_PX) - 2)
    const moves: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }
    const move = moves[event.code]
    if (move !== undefined) choose(cursor < 0 ? 0 : cursor + move, how)
    else if (event.code === 'Home') choose(0, how)
    else if (event.code === 'End') choose(Math.min(total - 1, (items.at(total - 1) === undefined ? last : total - 1)), how)
    else if (event.code === 'Insert') {
      choose(cursor, 'toggle')
      const next = items.at(cursor + 1)
      if (next !== undefined) {
        setCursor(cursor + 1)
        showLibrary({ selectedId: next.id })
        rows.scrollToIndex(cursor + 1)
      }
    } else if (event.code === 'Escape' && chosen.size > 0) showLibrary({ chosen: new Set() })
    else if (event.code === 'Enter') props.onOpen()
    else if (event.code === 'Slash') pageHandles.focusSearch?.()
    else return
    event.preventDefault()
  }

  /** The grid listens for its rows: they come and go with the scroll. */
  const onClick = (event: MouseEvent): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null
    const tick = event.target instanceof Element && event.target.closest('.tick') !== null
    if (row !== null) choose(Number(row.dataset['index']), event.shiftKey ? 'range' : tick ? 'tick' : event.ctrlKey ? 'toggle' : 'one')
  }

  if (items.total === 0) return <EmptyNote>{query === '' && kind === null && state === null ? t('library.empty') : t('library.noMatch')}</EmptyNote>
  return (
    <div className="library-grid" role="grid" aria-label={t('library.table')} aria-rowcount={total + 1} aria-colcount={columns.length + 1} aria-multiselectable tabIndex={0} onKeyDown={onKeyDown} onClick={onClick} onDoubleClick={props.onOpen}
      aria-activedescendant={visibleSelection === undefined ? undefined : `item-${visibleSelection}`} data-testid="library-table">
      <div className="library-row library-head" role="row" aria-rowindex={1}>
        <div role="columnheader" className="cell tick"><span className="visually-hidden">{t('holdings.many.column')}</span></div>
        {columns.map((column) => <div key={column} role="columnheader" className={`cell ${column}`}>{t(`library.columns.${column}`)}</div>)}
      </div>
      <div ref={scroller} className="library-scroll" role="presentation">
        <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {virtual.map((row) => (
            <Row key={row.key} index={row.index} top={row.start} item={items.at(row.index)} current={row.index === visibleSelection} chosen={chosen.size > 0 ? chosen.has(items.at(row.index)?.id ?? '') : null} />
          ))}
        </div>
      </div>
    </div>
  )
}

/** `chosen` is null where only the current row counts. */
function Row(props: { index: number; top: number; item: Item | undefined; current: boolean; chosen: boolean | null }) {
  const t = useT()
  const { item, current, chosen } = props
  return (
    <div id={`item-${props.index}`} role="row" aria-rowindex={props.index + 2} aria-selected={chosen ?? current} className={`library-row${current ? ' current' : ''}`} style={{ position: 'absolute', insetInline: 0, top: props.top, height: ROW_PX }}
      data-index={props.index} data-testid="library-row" data-item-id={item?.id}>
      {item === undefined ? <div role="gridcell" className="cell title dim">{t('library.loadingRow')}</div> : (
        <>
          <div role="gridcell" className="cell tick" data-testid="row-tick"><span className={`tick-box${chosen === true ? ' on' : ''}`} aria-hidden>{chosen === true && <IconCheck size={12} stroke={3} />}</span></div>
          <div role="gridcell" className="cell number">{item.number}</div>
          <div role="gridcell" className="cell title" title={item.title}><PlaceMark item={item} />{item.title}</div>
          <div role="gridcell" className="cell kind">{t(`library.kinds.${item.kind}`)}</div>
          <div role="gridcell" className="cell state">{item.fileMissing === true ? <StateBadge tone="bad">{t('library.fileMissing')}</StateBadge> : <StateBadge tone={stateTone[item.state]}>{t(`library.states.${item.state}`)}</StateBadge>}</div>
          <div role="gridcell" className="cell length">{lengthText(item.lengthSamples)}</div>
          <div role="gridcell" className="cell loudness">{item.loudness?.integratedLufs == null ? '—' : decibelText(item.loudness.integratedLufs)}</div>
          <div role="gridcell" className="cell created">{dayText(item.createdAt)}</div>
          <div role="gridcell" className="cell createdBy">{item.createdBy === 'watch-folder' ? t('library.watchFolder') : item.createdBy}</div>
        </>
      )}
    </div>
  )
}

/** An item used in place says so before its title; by another shape when its original is not what it was. */
function PlaceMark(props: { item: Item }) {
  const t = useT()
  const { place } = props.item
  if (place === undefined) return null
  const Shape = place.state === 'here' || place.state === 'checking' ? IconLink : IconLinkOff
  const words = t(`holdings.place.states.${place.state}`)
  return <span className={`place-mark ${place.state}`} role="img" aria-label={words} title={words}><Shape size={14} aria-hidden /></span>
}
