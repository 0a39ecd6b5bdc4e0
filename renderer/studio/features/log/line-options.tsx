import { useEffect, useState } from 'react'
import { Button, Checkbox, Group, NativeSelect, NumberInput, Textarea } from '@mantine/core'
import { IconArrowsCross } from '@tabler/icons-react'
import type { LineFields, LogLine } from '#contract/log.ts'
import { markerNames } from '#common/playout/index.ts'
import { afterKinds, transitions } from '#common/playout/words.ts'
import { useT } from '../../i18n/index.ts'
import { preciseText } from '../../i18n/formats.ts'
import { Kbd } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { BackupsEditor } from './backups-editor.tsx'
import { updateLine } from './changes.ts'
import { showLog } from './log-store.ts'

const none: NonNullable<LogLine['markers']> = { cueIn: null, fadeInEnd: null, introStart: null, introEnd: null, segueStart: null, segueEnd: null, fadeOutStart: null, cueOut: null }

type Flag = 'protected' | 'droppable' | 'skip'
const turned = (name: Flag, on: boolean): Partial<Pick<LineFields, Flag>> => (name === 'protected' ? { protected: on } : name === 'droppable' ? { droppable: on } : { skip: on })

/** What else a line says: how it joins, what the air may do to it, its note and its own markers. Each choice is saved as it is made. */
export function LineOptions(props: { line: LogLine; open: boolean }) {
  const t = useT()
  const { line, open } = props
  const save = (change: Parameters<typeof updateLine>[1]): void => void updateLine(line, change).catch(showError)
  const [text, setText] = useState(line.text)
  useEffect(() => setText(line.text), [line.text])
  const flag = (name: Flag) => (
    <Checkbox size="xs" label={t(`log.flags.${name}`)} checked={line[name]} disabled={!open} onChange={(event) => save(turned(name, event.currentTarget.checked))} data-testid={`log-flag-${name}`} />
  )
  return (
    <>
      <Group gap={6} align="end">
        <NativeSelect label={t('log.transitionLabel')} size="xs" w={130} disabled={!open} value={line.transition} data={transitions.map((kind) => ({ value: kind, label: t(`log.transition.${kind}`) }))} data-testid="log-transition"
          onChange={(event) => save({ transition: transitions.find((kind) => kind === event.currentTarget.value) ?? 'play' })} />
        <NativeSelect label={t('log.afterLabel')} size="xs" w={130} disabled={!open} value={line.after} data={afterKinds.map((kind) => ({ value: kind, label: t(`log.after.${kind}`) }))} data-testid="log-after"
          onChange={(event) => save({ after: afterKinds.find((kind) => kind === event.currentTarget.value) ?? 'join' })} />
      </Group>
      <Group gap={10}>{flag('protected')}{flag('droppable')}{flag('skip')}</Group>
      <LateMax line={line} open={open} />
      {(line.kind === 'audio' || line.kind === 'track' || line.kind === 'relay') && <BackupsEditor label={t('log.backups.title')} ids={line.backupItemIds} disabled={!open} onChange={(backupItemIds) => save({ backupItemIds })} />}
      <Textarea aria-label={t('log.text')} placeholder={t('log.text')} size="xs" autosize minRows={1} maxRows={4} maxLength={4000} value={text} disabled={!open} onChange={(event) => setText(event.currentTarget.value)} onBlur={() => text !== line.text && save({ text })} data-testid="log-text" />
      {line.itemId !== null && <Button size="xs" variant="default" leftSection={<IconArrowsCross size={14} aria-hidden />} rightSection={<Kbd>Alt J</Kbd>} onClick={() => showLog({ dialog: 'segue' })} data-testid="log-segue">{t('log.segue.open')}</Button>}
      {line.itemId !== null && <LineMarkers line={line} open={open} />}
    </>
  )
}

/** Later than this it is not played any more; empty = however late. Saved when the field is left. */
function LateMax(props: { line: LogLine; open: boolean }) {
  const t = useT()
  const { line, open } = props
  const saved = line.lateMaxMs === null ? '' : line.lateMaxMs / 1000
  const [seconds, setSeconds] = useState<number | ''>(saved)
  useEffect(() => setSeconds(saved), [saved])
  const save = (): void => {
    if (seconds !== saved) void updateLine(line, { lateMaxMs: seconds === '' ? null : Math.round(seconds * 1000) }).catch(showError)
  }
  return (
    <NumberInput size="xs" label={t('log.lateMax')} placeholder={t('log.lateMaxNone')} w={220} min={0} max={86_400} decimalScale={1} suffix=" s" hideControls value={seconds} disabled={!open} onChange={(typed) => setSeconds(typeof typed === 'number' ? typed : '')} onBlur={save} data-testid="log-late-max"
      onKeyDown={(event) => event.code === 'Enter' && save()} />
  )
}

/** Places in the item in samples, exact; empty = as the item has it. */
function LineMarkers(props: { line: LogLine; open: boolean }) {
  const t = useT()
  const { line, open } = props
  const saved = line.markers ?? none
  const [markers, setMarkers] = useState(saved)
  const key = JSON.stringify(line.markers)
  const [markersAreOf, setMarkersAreOf] = useState(key)
  if (markersAreOf !== key) {
    setMarkersAreOf(key)
    setMarkers(saved)
  }
  const same = JSON.stringify(markers) === JSON.stringify(saved)
  const isEmpty = markerNames.every((name) => markers[name] === null)
  return (
    <details className="log-markers" data-testid="log-markers">
      <summary>{t('log.markersTitle')}</summary>
      <div className="log-marker-grid">
        {markerNames.map((name) => (
          <NumberInput key={name} size="xs" label={t(`log.marker.${name}`)} description={markers[name] === null ? ' ' : preciseText(markers[name])} min={0} max={line.lengthSamples} step={480} allowDecimal={false} value={markers[name] ?? ''} disabled={!open} data-testid={`log-marker-${name}`}
            onChange={(typed) => setMarkers({ ...markers, [name]: typeof typed === 'number' ? typed : null })} />
        ))}
      </div>
      <Group gap={6}>
        <Button size="xs" disabled={!open || same} onClick={() => void updateLine(line, { markers: isEmpty ? null : markers }).catch(showError)} data-testid="log-markers-save">{t('log.markersSave')}</Button>
        <Button size="xs" variant="default" disabled={!open || line.markers === null} onClick={() => void updateLine(line, { markers: null }).catch(showError)}>{t('log.markersClear')}</Button>
      </Group>
    </details>
  )
}
