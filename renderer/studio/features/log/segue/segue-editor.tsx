import { useEffect, useMemo, useRef, useState } from 'react'
import { ActionIcon, Button, Group, Modal, SegmentedControl, useComputedColorScheme } from '@mantine/core'
import { useElementSize, useWindowEvent } from '@mantine/hooks'
import { IconArrowBackUp, IconFocusCentered, IconZoomIn, IconZoomOut } from '@tabler/icons-react'
import type { LogDay, LogLine } from '#contract/log.ts'
import { contentKinds } from '#contract/content-kinds.ts'
import type { MarkerName, Markers, Transition } from '#common/playout/index.ts'
import { useT } from '../../../i18n/index.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { EmptyNote, StateBadge } from '../../../ui/index.ts'
import { showError } from '../../../app/errors/index.ts'
import { call, useStationQuery } from '../../../app/station-client/index.ts'
import { loadPreviewPeaks, type PreviewPeaks } from '../../library/index.ts'
import { showChange } from '../changes.ts'
import { showLog, useLogView } from '../log-store.ts'
import { SegueLane } from './segue-lane.tsx'
import type { View } from './segue-canvas.ts'
import { firstPlace, headMarkers, isEmpty, isSame, joinOf, movedMarker, noMarkers, tailMarkers } from './segue-model.ts'
import type { SegueSide } from './segue-model.ts'

const RATE = 48_000
const SPAN = 24 * RATE

interface Draft {
  readonly prev: Markers
  readonly next: Markers
  readonly transition: Transition
}

/** The sounding line before one in the log; null when it is the first. */
function lineBefore(lines: readonly LogLine[], line: LogLine): LogLine | null {
  const at = lines.findIndex((other) => other.id === line.id)
  return lines.slice(0, Math.max(0, at)).findLast((other) => other.itemId !== null && other.bus === line.bus && !other.skip && !other.dropped) ?? null
}

/** How the chosen line comes in on the one before it: both waves on one time, markers to be moved, heard as the air will play it. */
export function SegueDialog(props: { day: LogDay }) {
  const t = useT()
  const opened = useLogView((view) => view.dialog === 'segue')
  const selectedId = useLogView((view) => view.selectedId)
  const next = props.day.lines.find((line) => line.id === selectedId && line.itemId !== null) ?? null
  const prev = next === null ? null : lineBefore(props.day.lines, next)
  const close = (): void => showLog({ dialog: 'none' })
  return (
    <Modal opened={opened} onClose={close} size={1180} title={t('log.segue.title')} closeButtonProps={{ 'aria-label': t('app.close') }} data-testid="segue-dialog">
      {next === null || prev === null ? <EmptyNote>{t('log.segue.none')}</EmptyNote> : <SegueEditor key={`${prev.id}/${prev.rev} ${next.id}/${next.rev}`} day={props.day} prev={prev} next={next} onDone={close} />}
    </Modal>
  )
}

function SegueEditor(props: { day: LogDay; prev: LogLine; next: LogLine; onDone: () => void }) {
  const t = useT()
  const { day, prev, next } = props
  const saved: Draft = { prev: prev.markers ?? noMarkers, next: next.markers ?? noMarkers, transition: next.transition }
  const [draft, setDraft] = useState(saved)
  const [past, setPast] = useState<readonly Draft[]>([])
  const held = useRef(draft)
  const [prevItem, nextItem] = [useItem(prev), useItem(next)]
  const { ref, width } = useElementSize()
  const scheme = useComputedColorScheme('light')
  const join = useMemo(() => joinOf(sideOf(prev, draft.prev, prevItem.kind), sideOf(next, draft.next, nextItem.kind), draft.transition), [prev, next, draft, prevItem.kind, nextItem.kind])
  const [view, setView] = useState<{ centre: number; span: number } | null>(null)
  const centre = view?.centre ?? join?.nextAt ?? 0
  const span = view?.span ?? SPAN
  const shown: View = useMemo(() => ({ from: centre - span / 2, samplesPerPx: span / Math.max(1, width) }), [centre, span, width])
  // Where it stands when it is opened; moving a marker must not move the ground under the hand.
  useEffect(() => {
    if (view === null && join !== null) setView({ centre: join.nextAt, span: SPAN })
  }, [view, join])

  const change = (made: Draft, settled = true): void => {
    if (settled) {
      const before = held.current
      if (before.transition !== made.transition || !isSame(before.prev, made.prev) || !isSame(before.next, made.next)) setPast([...past, before])
      held.current = made
    }
    setDraft(made)
  }
  const undo = (): void => {
    const before = past.at(-1)
    if (before === undefined) return
    setPast(past.slice(0, -1))
    held.current = before
    setDraft(before)
  }
  // Before the log's own undo hears it: here it takes back what is not saved yet.
  useWindowEvent('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.code !== 'KeyZ') return
    event.preventDefault()
    event.stopImmediatePropagation()
    undo()
  }, { capture: true })
  const move = (which: 'prev' | 'next', line: LogLine) => (name: MarkerName, at: number, settled: boolean): void => change({ ...draft, [which]: movedMarker(draft[which], name, at, line.lengthSamples) }, settled)
  const clear = (which: 'prev' | 'next') => (name: MarkerName): void => change({ ...draft, [which]: { ...draft[which], [name]: null } })
  const open = !prev.guarded && !next.guarded && day.state !== 'closed'
  const same = isSame(draft.prev, saved.prev) && isSame(draft.next, saved.next) && draft.transition === saved.transition
  const save = (): void => {
    const changeOf = (line: LogLine, markers: Markers, was: Markers) => ({ lineId: line.id, rev: line.rev, ...(isSame(markers, was) ? {} : { markers: isEmpty(markers) ? null : markers }) })
    void call('log.saveSegue', { broadcastDate: day.broadcastDate, prev: changeOf(prev, draft.prev, saved.prev), next: { ...changeOf(next, draft.next, saved.next), transition: draft.transition } }).then((changed) => {
      showChange(changed, t('log.segue.step', { title: next.title }))
      props.onDone()
    }, showError)
  }
  if (join === null) return <EmptyNote>{t('log.segue.silent')}</EmptyNote>
  const sides = [
    { which: 'prev' as const, line: prev, at: 0, placed: join.prev, peaks: prevItem.peaks, names: tailMarkers, title: t('log.segue.prev', { title: prev.title }) },
    { which: 'next' as const, line: next, at: join.nextAt, placed: join.next, peaks: nextItem.peaks, names: headMarkers, title: t('log.segue.next', { title: next.title }) },
  ]
  return (
    <div className="segue" data-testid="segue-editor" data-next-at={join.nextAt} data-overlap={join.overlapSamples}>
      <Group gap={8} justify="space-between">
        <SegmentedControl size="xs" aria-label={t('log.transitionLabel')} value={draft.transition} disabled={!open} onChange={(value) => change({ ...draft, transition: value === 'segue' ? 'segue' : value === 'stop' ? 'stop' : 'play' })} data={(['play', 'segue', 'stop'] as const).map((kind) => ({ value: kind, label: t(`log.transition.${kind}`) }))} data-testid="segue-transition" />
        <StateBadge tone={join.overlapSamples > 0 ? 'info' : 'idle'} data-testid="segue-overlap">{join.overlapSamples > 0 ? t('log.segue.overlap', { length: preciseText(join.overlapSamples) }) : t('log.segue.butt')}</StateBadge>
        <Group gap={4}>
          <ActionIcon variant="default" aria-label={t('log.segue.zoomIn')} onClick={() => setView({ centre, span: Math.max(RATE, span / 2) })}><IconZoomIn size={16} /></ActionIcon>
          <ActionIcon variant="default" aria-label={t('log.segue.zoomOut')} onClick={() => setView({ centre, span: Math.min(600 * RATE, span * 2) })}><IconZoomOut size={16} /></ActionIcon>
          <ActionIcon variant="default" aria-label={t('log.segue.centre')} onClick={() => setView({ centre: join.nextAt, span })}><IconFocusCentered size={16} /></ActionIcon>
          <ActionIcon variant="default" aria-label={t('log.segue.undo')} disabled={past.length === 0} onClick={undo} data-testid="segue-undo"><IconArrowBackUp size={16} /></ActionIcon>
        </Group>
      </Group>
      <div ref={ref} className="segue-lanes">
        {sides.map((side) => (
          <SegueLane key={side.which} title={side.title} side={{ peaks: side.peaks, lengthSamples: side.line.lengthSamples, at: side.at, placed: side.placed }} markers={draft[side.which]} names={side.names} view={shown} width={width} disabled={!open} scheme={scheme} testId={`segue-${side.which}`}
            onMove={move(side.which, side.line)} onClear={clear(side.which)} />
        ))}
        <Overlap from={join.nextAt} until={join.nextAt + join.overlapSamples} view={shown} />
      </div>
      <div className="segue-marks">
        {sides.map((side) => (
          <ul key={side.which} aria-label={side.title}>
            {side.names.map((name) => {
              const at = draft[side.which][name]
              return (
                <li key={name}>
                  <span>{t(`log.marker.${name}`)}</span><span className="dim">{at === null ? '—' : preciseText(at)}</span>
                  {at === null
                    ? <Button size="compact-xs" variant="default" disabled={!open} onClick={() => change({ ...draft, [side.which]: firstPlace(draft[side.which], name, side.line.lengthSamples) })} data-testid={`segue-set-${name}`}>{t('log.segue.set')}</Button>
                    : <Button size="compact-xs" variant="default" disabled={!open} onClick={() => clear(side.which)(name)} data-testid={`segue-clear-${name}`}>{t('log.segue.clear')}</Button>}
                </li>
              )
            })}
          </ul>
        ))}
      </div>
      <Group justify="space-between">
        <span className="dim log-note">{t('log.segue.keys')}</span>
        <Button disabled={!open || same} onClick={save} data-testid="segue-save">{t('log.segue.save')}</Button>
      </Group>
    </div>
  )
}

function sideOf(line: LogLine, markers: Markers, kind: keyof typeof contentKinds): SegueSide {
  return { itemId: line.itemId, lengthSamples: line.lengthSamples, markers, content: line.newsBlock === null ? contentKinds[kind] : 'news', hitPost: line.hitPost }
}

/** The time in which both sound. */
function Overlap(props: { from: number; until: number; view: View }) {
  const { from, until, view } = props
  return <div className="segue-overlap" aria-hidden style={{ left: (from - view.from) / view.samplesPerPx, width: Math.max(1, (until - from) / view.samplesPerPx) }} />
}

/** What the editor needs of an item: what it is, and its wave. */
function useItem(line: LogLine): { kind: keyof typeof contentKinds; peaks: PreviewPeaks | null } {
  const itemId = line.itemId ?? ''
  const { data } = useStationQuery('library.get', { itemId }, { enabled: itemId !== '' })
  const [peaks, setPeaks] = useState<PreviewPeaks | null>(null)
  useEffect(() => {
    const end = new AbortController()
    loadPreviewPeaks(itemId, end.signal).then(setPeaks, (error: unknown) => {
      if (!end.signal.aborted) showError(error)
    })
    return () => end.abort()
  }, [itemId])
  return { kind: data?.kind ?? 'programme', peaks }
}
