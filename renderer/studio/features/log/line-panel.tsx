import { useEffect, useState } from 'react'
import { Button, Group, Popover, SegmentedControl } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import type { LogDay, LogLine, Timing } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { clockText } from '../../i18n/formats.ts'
import { Kbd, Panel } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { TargetTree } from '../fleet/index.ts'
import { ItemPreview } from '../library/index.ts'
import { moveSelected, removeSelected, updateLine } from './changes.ts'
import { useLogView } from './log-store.ts'
import { HardTimeField, readHardTime } from './timing-field.tsx'
import { timeText } from './zone.ts'

/** The chosen line: its time, where it goes, and what can be done with it. */
export function LinePanel(props: { day: LogDay | null; mayWrite: boolean }) {
  const t = useT()
  const selectedId = useLogView((view) => view.selectedId)
  const line = props.day?.lines.find((other) => other.id === selectedId) ?? null
  if (line === null || props.day === null) return <Panel title={t('log.line.title')}><span className="dim">{t('log.line.none')}</span></Panel>
  const open = props.mayWrite && (line.status === 'scheduled' || line.status === 'armed')
  return (
    <Panel title={line.title} data-testid="log-line-panel">
      <div className="log-add">
        {line.actualAt !== null && <span className="dim">{t('log.line.actual', { time: clockText(line.actualAt) })}</span>}
        <TimingForm key={line.id} line={line} day={props.day} open={open} />
        <Targets line={line} open={open} />
        {line.itemId !== null && <ItemPreview key={line.itemId} itemId={line.itemId} />}
        {props.mayWrite && (
          <Group gap={6}>
            <Button variant="default" leftSection={<IconArrowUp size={14} aria-hidden />} disabled={!open} onClick={() => void moveSelected(-1).catch(showError)} rightSection={<Kbd>Alt ↑</Kbd>} data-testid="log-up">{t('log.line.up')}</Button>
            <Button variant="default" leftSection={<IconArrowDown size={14} aria-hidden />} disabled={!open} onClick={() => void moveSelected(1).catch(showError)} rightSection={<Kbd>Alt ↓</Kbd>} data-testid="log-down">{t('log.line.down')}</Button>
            <Button variant="default" leftSection={<IconTrash size={14} aria-hidden />} disabled={!open} onClick={() => void removeSelected().catch(showError)} rightSection={<Kbd>Del</Kbd>} data-testid="log-remove">{t('log.line.remove')}</Button>
          </Group>
        )}
      </div>
    </Panel>
  )
}

function TimingForm(props: { line: LogLine; day: LogDay; open: boolean }) {
  const t = useT()
  const { line, day } = props
  const planned = line.timing.kind === 'hard' ? line.timing.at : line.plannedAt
  const text = planned === null ? '' : timeText(planned, day.zone)
  const [kind, setKind] = useState(line.timing.kind)
  const [time, setTime] = useState(text)
  useEffect(() => {
    setKind(line.timing.kind)
    setTime(text)
  }, [line.timing.kind, text])
  const hard = readHardTime(time, day.broadcastDate, day.zone)
  const wanted: Timing | null = kind === 'follow' ? { kind } : 'at' in hard ? { kind: 'hard', at: hard.at, onReach: { kind: 'cut' } } : null
  const same = JSON.stringify(wanted) === JSON.stringify(line.timing) || (kind === 'hard' && line.timing.kind === 'hard' && time === text)
  const save = (): void => {
    if (wanted !== null && !same) void updateLine(line, { timing: wanted }).catch(showError)
  }
  return (
    <>
      <SegmentedControl fullWidth size="xs" aria-label={t('log.add.kind')} disabled={!props.open} value={kind} onChange={(value) => setKind(value === 'hard' ? 'hard' : 'follow')} data={[{ value: 'follow', label: t('log.follow') }, { value: 'hard', label: t('log.hard') }]} />
      <Group gap={6} align="end">
        {kind === 'hard' && <HardTimeField label={t('log.hardTime')} value={time} date={day.broadcastDate} zone={day.zone} disabled={!props.open} onChange={setTime} onEnter={save} testId="log-line-time" />}
        <Button disabled={!props.open || wanted === null || same} onClick={save} data-testid="log-line-save">{t('log.line.save')}</Button>
      </Group>
    </>
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
