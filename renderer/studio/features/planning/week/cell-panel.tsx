import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useT } from '../../../i18n/index.ts'
import { Panel } from '../../../ui/index.ts'
import { showError } from '../../../app/errors/index.ts'
import { setCells } from '../changes.ts'
import { useParts, usePlan } from '../plan-context.ts'
import { cellsBetween, planDesk, usePlanning } from '../planning-store.ts'
import { clockOfDay, weekdayNames } from '../texts.ts'

type Choice = { readonly key: string; readonly value: string | null; readonly label: string }

/** The chosen hours, and what can be laid on them. */
export function CellPanel() {
  const t = useT()
  const { mayWrite } = usePlan()
  const gridUnitId = usePlanning((state) => state.gridUnitId)
  const anchor = usePlanning((state) => state.anchor)
  const focus = usePlanning((state) => state.focus)
  const clocks = useParts('clock')
  const grid = useParts('grid').find(({ content }) => content.unitId === gridUnitId)?.content
  const cells = cellsBetween(anchor, focus)
  const [first, last] = [cells[0] ?? focus, cells.at(-1) ?? focus]
  const names = weekdayNames(t)
  const days = first.weekday === last.weekday ? (names[first.weekday - 1] ?? '') : t('planning.cell.range', { from: names[first.weekday - 1] ?? '', to: names[last.weekday - 1] ?? '' })
  const hours = t('planning.cell.range', { from: clockOfDay(first.hour * 3600), to: clockOfDay((last.hour + 1) * 3600) })
  const values = new Set(cells.map((cell) => grid?.cells.find((one) => one.weekday === cell.weekday && one.hour === cell.hour)).map((own) => (own === undefined ? 'template' : own.clockId)))
  const current = values.size === 1 ? [...values][0] : undefined
  const choices: readonly Choice[] = [{ key: 'template', value: 'template', label: t('planning.cell.asTemplate') }, { key: 'closed', value: null, label: t('planning.cell.closed') }, ...clocks.map(({ id, content }) => ({ key: id, value: id, label: content.title }))]
  const at = choices.findIndex(({ value }) => value === current)
  const [pointed, setPointed] = useState(Math.max(0, at))
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => setPointed(Math.max(0, at)), [at, focus, anchor])
  useEffect(() => {
    planDesk.focusChoices = () => list.current?.focus()
    return () => {
      planDesk.focusChoices = null
    }
  }, [])
  const apply = (choice: Choice | undefined): void => {
    if (choice === undefined || !mayWrite) return
    void setCells(cells, choice.value).catch(showError)
    planDesk.focusGrid?.()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = { ArrowDown: pointed + 1, ArrowUp: pointed - 1, Home: 0, End: choices.length - 1 }[event.code]
    if (next !== undefined) setPointed(Math.max(0, Math.min(choices.length - 1, next)))
    else if (event.code === 'Enter' || event.code === 'Space') apply(choices[pointed])
    else if (event.code === 'Escape') planDesk.focusGrid?.()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <Panel title={t('planning.cell.title', { days, hours })} data-testid="plan-cell-panel">
      <div ref={list} className="plan-choices" role="listbox" aria-label={t('planning.cell.choose')} tabIndex={0} aria-activedescendant={`plan-choice-${pointed}`} onKeyDown={onKeyDown} data-testid="plan-choices">
        {choices.map((choice, index) => (
          <div key={choice.key} id={`plan-choice-${index}`} role="option" aria-selected={index === at} data-pointed={index === pointed} className="plan-choice" onClick={() => apply(choice)} data-testid="plan-choice">{choice.label}</div>
        ))}
      </div>
    </Panel>
  )
}
