import { Button, Group, Popover } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconCopy, IconReplace, IconTrash } from '@tabler/icons-react'
import type { LogDay, LogLine } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { Kbd, Panel } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { TargetTree } from '../fleet/index.ts'
import { ItemPreview } from '../library/index.ts'
import { RuleConfirm } from '../planning/index.ts'
import { duplicateSelected, moveSelected, removeSelected, updateLine } from './changes.ts'
import { reasonText } from './line-badges.tsx'
import { LineOptions } from './line-options.tsx'
import { showLog, useLogView } from './log-store.ts'
import { RelayOptions } from './relay-fields.tsx'
import { TimingEditor } from './timing-editor.tsx'
import { timeText } from './zone.ts'

/** The chosen line: its time, where it goes, and what can be done with it. */
export function LinePanel(props: { day: LogDay | null; mayWrite: boolean }) {
  const t = useT()
  const selectedId = useLogView((view) => view.selectedId)
  const line = props.day?.lines.find((other) => other.id === selectedId) ?? null
  if (line === null || props.day === null) return <Panel title={t('log.line.title')}><span className="dim">{t('log.line.none')}</span></Panel>
  const open = props.mayWrite && !line.guarded && props.day.state !== 'closed'
  return (
    <Panel title={line.title} data-testid="log-line-panel">
      <div className="log-add">
        <FiveTimes line={line} zone={props.day.zone} />
        {line.reason !== null && <p className="log-note bad">{reasonText(line.reason)}</p>}
        <RuleConfirm broadcastDate={line.broadcastDate} lineId={line.id} />
        {line.timingNote !== null && <p className="log-note warn">{reasonText(line.timingNote)}</p>}
        <TimingEditor key={line.id} line={line} day={props.day} open={open} />
        {line.kind === 'relay' && <RelayOptions key={`relay ${line.id} ${line.rev}`} line={line} day={props.day} open={open} />}
        <LineOptions key={`options ${line.id}`} line={line} open={open} />
        <Targets line={line} open={open} />
        {line.itemId !== null && <ItemPreview key={line.itemId} itemId={line.itemId} />}
        {props.mayWrite && (
          <Group gap={6}>
            <Button variant="default" leftSection={<IconArrowUp size={14} aria-hidden />} disabled={!open} onClick={() => void moveSelected(-1).catch(showError)} rightSection={<Kbd>Alt ↑</Kbd>} data-testid="log-up">{t('log.line.up')}</Button>
            <Button variant="default" leftSection={<IconArrowDown size={14} aria-hidden />} disabled={!open} onClick={() => void moveSelected(1).catch(showError)} rightSection={<Kbd>Alt ↓</Kbd>} data-testid="log-down">{t('log.line.down')}</Button>
            <Button variant="default" leftSection={<IconCopy size={14} aria-hidden />} onClick={() => void duplicateSelected().catch(showError)} rightSection={<Kbd>Ctrl D</Kbd>} data-testid="log-duplicate">{t('log.line.duplicate')}</Button>
            <Button variant="default" leftSection={<IconTrash size={14} aria-hidden />} disabled={!open} onClick={() => void removeSelected().catch(showError)} rightSection={<Kbd>Del</Kbd>} data-testid="log-remove">{t('log.line.remove')}</Button>
            {line.itemId !== null && <Button variant="default" leftSection={<IconReplace size={14} aria-hidden />} onClick={() => showLog({ dialog: 'replace' })} rightSection={<Kbd>Ctrl H</Kbd>} data-testid="log-replace">{t('log.line.replace')}</Button>}
          </Group>
        )}
      </div>
    </Panel>
  )
}

function Targets(props: { line: LogLine; open: boolean }) {
  const t = useT()
  const fleet = useStationQuery('devices.fleet', {}, { events: ['devices.changed'] })
  const { units = [], devices = [] } = fleet.data ?? {}
  const { targetUnitIds } = props.line
  const names = units.filter((unit) => targetUnitIds.includes(unit.id)).map((unit) => unit.name)
  if (units.length === 0) return null
  return (
    <Popover width={360} position="left" withArrow trapFocus withinPortal>
      <Popover.Target>
        <Button variant="default" fullWidth justify="space-between" rightSection={<span className="dim">{t('log.line.change')}</span>} disabled={!props.open} data-testid="log-targets">
          {targetUnitIds.length === 0 ? t('log.line.everywhere') : t('log.line.targets', { names: names.join(', ') })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown style={{ maxHeight: 420, overflow: 'auto' }} aria-label={t('log.line.chooseTargets')}>
        <TargetTree units={units} devices={devices} kind="radio" value={{ unitIds: [...targetUnitIds], deviceIds: [] }} onChange={({ unitIds }) => void updateLine(props.line, { targetUnitIds: unitIds }).catch(showError)} />
      </Popover.Dropdown>
    </Popover>
  )
}

/** Imported, promised, planned, predicted, heard: only those that say something. */
function FiveTimes(props: { line: LogLine; zone: string }) {
  const t = useT()
  const { importedAt, initialAt, plannedAt, predictedAt, actualAt } = props.line
  const times = [['imported', importedAt], ['initial', initialAt], ['planned', plannedAt], ['predicted', predictedAt], ['actual', actualAt]] as const
  return <p className="log-note dim" data-testid="log-times">{times.flatMap(([name, at]) => (at === null ? [] : [`${t(`log.times.${name}`)} ${timeText(at, props.zone)}`])).join(' · ')}</p>
}
