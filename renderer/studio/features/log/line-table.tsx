import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent } from 'react'
import { IconGripVertical } from '@tabler/icons-react'
import type { LogDay, LogLine } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { lengthText, secondsText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { moveLine } from './changes.ts'
import { cutMs, gapBefore, outOfOrder } from './day-facts.ts'
import { LineCheckBadge, LineStatusBadge } from './line-badges.tsx'
import { showLog, useLogView } from './log-store.ts'
import { timeText } from './zone.ts'

const columns = ['start', 'kind', 'title', 'length', 'end', 'status'] as const

/** Arrows choose a line, Alt with an arrow moves it; the mouse can drag it. */
export function LineTable(props: { day: LogDay; mayWrite: boolean }) {
  const t = useT()
  const { lines, zone } = props.day
  const selectedId = useLogView((view) => view.selectedId)
  const grid = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<{ line: LogLine; before: number } | null>(null)
  const at = lines.findIndex((line) => line.id === selectedId)
  useEffect(() => {
    grid.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [selectedId, lines])
  const choose = (index: number): void => showLog({ selectedId: lines[Math.max(0, Math.min(lines.length - 1, index))]?.id ?? null })
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const target: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at < 0 ? 0 : at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: lines.length - 1 }
    const next = target[event.code]
    if (next === undefined) return
    choose(next)
    event.preventDefault()
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
    <div ref={grid} className="log-grid" role="grid" aria-label={t('log.lines')} aria-rowcount={lines.length + 1} tabIndex={0} onKeyDown={onKeyDown} onDrop={onDrop} data-testid="log-table"
      aria-activedescendant={at < 0 ? undefined : `log-line-${lines[at]?.id}`}>
      <div className="log-row log-head" role="row">
        {columns.map((column) => <div key={column} role="columnheader" className={`cell ${column}`}>{t(`log.columns.${column}`)}</div>)}
      </div>
      {lines.map((line, index) => (
        <Row key={line.id} line={line} zone={zone} gapMs={gapBefore(lines, index)} strayed={outOfOrder(lines, index)} selected={index === at} draggable={props.mayWrite && ['scheduled', 'armed'].includes(line.status)}
          mark={drag === null ? '' : drag.before === index ? 'drop-before' : drag.before === lines.length && index === lines.length - 1 ? 'drop-after' : ''}
          onChoose={() => choose(index)} onDragStart={() => setDrag({ line, before: index })} onDragOver={(event) => over(event, index)} onDragEnd={() => setDrag(null)} />
      ))}
    </div>
  )
}

function Row(props: {
  line: LogLine; zone: string; gapMs: number; strayed: boolean; selected: boolean; draggable: boolean; mark: string
  onChoose: () => void; onDragStart: () => void; onDragOver: (event: DragEvent) => void; onDragEnd: () => void
}) {
  const t = useT()
  const { line, zone, gapMs } = props
  const lost = cutMs(line)
  const hard = line.timing.kind === 'hard'
  return (
    <div id={`log-line-${line.id}`} role="row" aria-selected={props.selected} className={`log-row ${line.status} ${hard ? 'hard' : ''} ${props.mark}`} draggable={props.draggable} data-testid="log-line" data-line-id={line.id} data-status={line.status} data-state={line.lineState}
      onClick={props.onChoose} onDragStart={props.onDragStart} onDragOver={props.onDragOver} onDragEnd={props.onDragEnd}>
      <div role="gridcell" className="cell start">
        {props.draggable && <IconGripVertical size={13} aria-hidden className="grip" />}
        <span>{line.plannedAt === null ? '—' : timeText(line.plannedAt, zone)}</span>
      </div>
      <div role="gridcell" className="cell kind">{t(hard ? 'log.hard' : 'log.follow')}</div>
      <div role="gridcell" className="cell title"><span title={line.title}>{line.title}</span></div>
      <div role="gridcell" className="cell length">{lengthText(line.lengthSamples)}</div>
      <div role="gridcell" className="cell end">{line.plannedEndAt === null ? '—' : timeText(line.plannedEndAt, zone)}</div>
      <div role="gridcell" className="cell status">
        <LineStatusBadge status={line.status} />
        <LineCheckBadge line={line} />
        {lost > 0 && <StateBadge tone="warn" title={t('log.cutHint')}>{t('log.cut', { length: secondsText(lost / 1000) })}</StateBadge>}
        {gapMs >= 1000 && <StateBadge tone="idle" title={t('log.gapHint')}>{t('log.gap', { length: secondsText(gapMs / 1000) })}</StateBadge>}
        {props.strayed && <StateBadge tone="warn" title={t('log.strayedHint')}>{t('log.strayed')}</StateBadge>}
      </div>
    </div>
  )
}
