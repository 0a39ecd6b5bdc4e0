import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core'
import { IconPlayerPlay, IconScissors, IconTrash } from '@tabler/icons-react'
import { hasRange, type Cues } from '#common/cues/index.ts'
import { useT } from '../../i18n/index.ts'
import { preciseText } from '../../i18n/formats.ts'
import { Kbd } from '../../ui/index.ts'

export interface CueDeeds {
  readonly setIn: () => void
  readonly setOut: () => void
  readonly addPoint: () => void
  readonly clearRange: () => void
  readonly playRange: () => void
  readonly trim: () => void
  readonly goTo: (sample: number) => void
  readonly rename: (at: number, label: string) => void
  readonly removePoint: (at: number) => void
}

/** In, out and named cues, each with its key; the list is for hands without a mouse. */
export function CuePanel(props: { cues: Cues; deeds: CueDeeds; mayEdit: boolean; ready: boolean }) {
  const t = useT()
  const { cues, deeds, mayEdit } = props
  const range = hasRange(cues)
  if (!mayEdit && !range && cues.points.length === 0) return null
  return (
    <div className="library-cues" role="group" aria-label={t('library.cues.region')} data-testid="cues" data-in={cues.in ?? ''} data-out={cues.out ?? ''}>
      {mayEdit && (
        <Group gap={4} wrap="nowrap">
          <Button size="compact-xs" variant="default" disabled={!props.ready} onClick={deeds.setIn} rightSection={<Kbd>I</Kbd>} data-testid="cue-in">{t('library.cues.setIn')}</Button>
          <Button size="compact-xs" variant="default" disabled={!props.ready} onClick={deeds.setOut} rightSection={<Kbd>O</Kbd>} data-testid="cue-out">{t('library.cues.setOut')}</Button>
          <Button size="compact-xs" variant="default" disabled={!props.ready} onClick={deeds.addPoint} rightSection={<Kbd>M</Kbd>} data-testid="cue-add">{t('library.cues.add')}</Button>
        </Group>
      )}
      {range && (
        <>
          <Text size="xs" data-testid="cue-range">{t('library.cues.range', { start: cues.in === null ? '0:00' : preciseText(cues.in), end: cues.out === null ? t('library.cues.theEnd') : preciseText(cues.out) })}</Text>
          <Group gap={4}>
            <Button size="compact-xs" variant="default" disabled={!props.ready} leftSection={<IconPlayerPlay size={12} aria-hidden />} onClick={deeds.playRange} data-testid="cue-play">{t('library.cues.playRange')}</Button>
            {mayEdit && <Button size="compact-xs" variant="light" disabled={!props.ready} leftSection={<IconScissors size={12} aria-hidden />} onClick={deeds.trim} data-testid="cue-trim">{t('library.cues.trim')}</Button>}
            {mayEdit && <Button size="compact-xs" variant="subtle" onClick={deeds.clearRange} data-testid="cue-clear">{t('library.cues.clear')}</Button>}
          </Group>
        </>
      )}
      {cues.points.length > 0 && (
        <ul className="library-cue-list">
          {cues.points.map((point) => (
            <li key={point.at}>
              <Button size="compact-xs" variant="subtle" onClick={() => deeds.goTo(point.at)} aria-label={t('library.cues.goTo', { label: point.label })} data-testid="cue-go">{preciseText(point.at)}</Button>
              {mayEdit
                ? <TextInput key={point.label} size="xs" style={{ flex: 1 }} maxLength={80} aria-label={t('library.cues.label', { time: preciseText(point.at) })} defaultValue={point.label} onBlur={(event) => deeds.rename(point.at, event.currentTarget.value)} onKeyDown={(event) => event.code === 'Enter' && event.currentTarget.blur()} data-testid="cue-label" />
                : <Text size="xs" style={{ flex: 1 }}>{point.label}</Text>}
              {mayEdit && <ActionIcon size="sm" variant="subtle" aria-label={t('library.cues.remove', { label: point.label })} onClick={() => deeds.removePoint(point.at)} data-testid="cue-remove"><IconTrash size={14} /></ActionIcon>}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
