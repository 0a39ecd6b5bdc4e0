import { useEffect, useMemo, useRef, useState, type CSSProperties, type DragEvent, type KeyboardEvent, type MouseEvent } from 'react'
import { IconGripVertical } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { LogDay, LogLine, LogPost } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { lengthText, secondsText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { moveLine } from './changes.ts'
import { cutMs, rowsOf } from './day-facts.ts'
import { LineCheckBadge, LineStatusBadge } from './line-badges.tsx'
import { KindMark, LineFlags, TimingMark } from './line-words.tsx'
import { showLog, useLogView } from './log-store.ts'
import { PostBadge } from './post-plan.tsx'
import { SlotHeading } from './slot-heading.tsx'
import { timeText } from './zone.ts'

const ROW_PX = 31
const columns = ['start', 'kind', 'title', 'length', 'end', 'status'] as const

/** Arrows choose a line, Shift takes more, Alt with an arrow moves them; the mouse can drag one. Only rows on the screen exist. */
export function LineTable(props: { day: LogDay; mayWrite: boolean }) {
  const t = useT()
  const { lines, zone } = props.day
  const { selectedId, alsoIds } = useLogView()
  const scroller = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<{ line: LogLine; before: number } | null>(null)
  const table = useMemo(() => rowsOf(props.day), [props.day])
  const rowOf = useMemo(() => new Map(table.flatMap((row, index) => (row.kind === 'line' ? [[row.line.id, index] as const] : []))), [table])
  const rows = useVirtualizer({ count: table.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 12, getItemKey: (index) => table[index]?.key ?? index })
  const posts = useMemo(() => new Map(props.day.posts.map((post) => [post.id, post])), [props.day.posts])
  const at = lines.findIndex((line) => line.id === selectedId)
  const cursorRow = selectedId === null ? undefined : rowOf.get(selectedId)
  useEffect(() => {
    if (cursorRow !== undefined) rows.scrollToIndex(cursorRow, { align: 'auto' })
  }, [cursorRow, rows])
  const choose = (index: number, more: boolean): void => {
    const line = lines[Math.max(0, Math.min(lines.length - 1, index))]
    if (line !== undefined) showLog({ selectedId: line.id, alsoIds: more && selectedId !== null ? new Set([...alsoIds, selectedId]) : new Set<string>() })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const target: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at < 0 ? 0 : at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: lines.length - 1 }
    const next = target[event.code]
    if (next === undefined) return
    choose(next, event.shiftKey)
    event.preventDefault()
  }
  const onClick = (event: MouseEvent, index: number): void => {
    const line = lines[index]
    if (line === undefined) return
    if (event.shiftKey && at >= 0) {
      const [from, to] = [Math.min(at, index), Math.max(at, index)]
      showLog({ selectedId: line.id, alsoIds: new Set(lines.slice(from, to + 1).map((other) => other.id)) })
    } else if (event.ctrlKey || event.metaKey) showLog({ selectedId: line.id, alsoIds: new Set([...alsoIds, ...(selectedId === null ? [] : [selectedId])]) })
    else choose(index, false)
  }
  const onDrop = (event: DragEvent): void => {
    event.preventDefault()
    setDrag(null)
    if (drag === null) return
    const rest = lines.filter((line) => line.id !== drag.line.id)
    const place = lines.slice(0, drag.before).filter((line) => line.id !== drag.line.id).length
    if (lines[place]?.id === drag.line.id) return
    void moveLine(drag.line, rest[place - 1]?.id ?? null).catch(showError)
  }
  const over = (event: DragEvent, index: number): void => {
    if (drag === null) return
    event.preventDefault()
    const box = event.currentTarget.getBoundingClientRect()
    const before = event.clientY < box.top + box.height / 2 ? index : index + 1
    if (before !== drag.before) setDrag({ ...drag, before })
  }
  return (
    <div className="log-grid" role="grid" aria-label={t('log.lines')} aria-rowcount={table.length + 1} aria-multiselectable tabIndex={0} onKeyDown={onKeyDown} onDrop={onDrop} data-testid="log-table" data-lines={lines.length}
      aria-activedescendant={selectedId === null || !rows.getVirtualItems().some((row) => row.index === cursorRow) ? undefined : `log-line-${selectedId}`}>
      <div className="log-row log-head" role="row" aria-rowindex={1}>
        {columns.map((column) => <div key={column} role="columnheader" className={`cell ${column}`}>{t(`log.columns.${column}`)}</div>)}
      </div>
      <div ref={scroller} className="log-scroll" role="presentation">
        <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((place) => {
            const row = table[place.index]
            if (row === undefined) return null
            const style = { position: 'absolute', insetInline: 0, top: place.start, height: ROW_PX } as const
            if (row.kind === 'slot') return <SlotHeading key={row.key} day={props.day} slot={row.slot} post={posts.get(row.slot.id) ?? null} lines={row.lines} mayWrite={props.mayWrite} style={style} rowIndex={place.index + 2} />
            if (row.kind === 'outside') return <div key={row.key} role="row" aria-rowindex={place.index + 2} className="log-slot outside" style={style}><div role="gridcell">{t('log.outsideSlots')}</div></div>
            const { line, index } = row
            return (
              <Row key={row.key} line={line} post={posts.get(line.id) ?? null} zone={zone} gapMs={row.gapMs} strayed={row.strayed} selected={index === at || alsoIds.has(line.id)} draggable={props.mayWrite && !line.guarded} style={style} rowIndex={place.index + 2}
                mark={drag === null ? '' : drag.before === index ? 'drop-before' : drag.before === lines.length && index === lines.length - 1 ? 'drop-after' : ''}
                onChoose={(event) => onClick(event, index)} onDragStart={() => setDrag({ line, before: index })} onDragOver={(event) => over(event, index)} onDragEnd={() => setDrag(null)} />
            )
          })}
        </div>
      </div>
    </div>
  )
}

function Row(props: {
  line: LogLine; post: LogPost | null; zone: string; gapMs: number; strayed: boolean; selected: boolean; draggable: boolean; mark: string; style: CSSProperties; rowIndex: number
  onChoose: (event: MouseEvent) => void; onDragStart: () => void; onDragOver: (event: DragEvent) => void; onDragEnd: () => void
}) {
  const t = useT()
  const { line, zone, gapMs } = props
  const lost = cutMs(line)
  const startAt = line.actualAt ?? line.predictedAt ?? (line.status === 'skipped' ? line.plannedAt : null)
  return (
    <div id={`log-line-${line.id}`} role="row" aria-rowindex={props.rowIndex} aria-selected={props.selected} className={`log-row ${line.status} ${line.timing.kind === 'follow' ? '' : 'hard'} ${line.kind} ${props.mark}`} style={props.style} draggable={props.draggable}
      data-testid="log-line" data-line-id={line.id} data-status={line.status} data-state={line.lineState} data-rev={line.rev}
      onClick={props.onChoose} onDragStart={props.onDragStart} onDragOver={props.onDragOver} onDragEnd={props.onDragEnd}>
      <div role="gridcell" className="cell start">
        {props.draggable && <IconGripVertical size={13} aria-hidden className="grip" />}
        <span>{startAt === null ? '—' : timeText(startAt, zone)}</span>
      </div>
      <div role="gridcell" className="cell kind"><TimingMark timing={line.timing} /></div>
      <div role="gridcell" className="cell title"><KindMark kind={line.kind} /><span className="name" title={line.text === '' ? line.title : `${line.title}\n${line.text}`}>{line.title}</span></div>
      <div role="gridcell" className="cell length">{line.lengthSamples === 0 ? '' : lengthText(line.lengthSamples)}</div>
      <div role="gridcell" className="cell end">{line.predictedEndAt === null ? '—' : timeText(line.predictedEndAt, zone)}</div>
      <div role="gridcell" className="cell status">
        <LineStatusBadge status={line.status} />
        <LineCheckBadge line={line} />
        {lost > 0 && <StateBadge tone="warn" title={t('log.cutHint')}>{t('log.cut', { length: secondsText(lost / 1000) })}</StateBadge>}
        {gapMs >= 1000 && <StateBadge tone="idle" title={t('log.gapHint')}>{t('log.gap', { length: secondsText(gapMs / 1000) })}</StateBadge>}
        {props.strayed && <StateBadge tone="warn" title={t('log.strayedHint')}>{t('log.strayed')}</StateBadge>}
        {props.post !== null && ((props.post.plan?.changes.length ?? 0) > 0 || props.post.rawSamples > 48_000) && <PostBadge post={props.post} />}
        <LineFlags line={line} />
      </div>
    </div>
  )
}
