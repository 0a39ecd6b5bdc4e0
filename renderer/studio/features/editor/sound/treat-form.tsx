import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react'
import type { Clip } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import type { ProcedureInput } from '#contract/index.ts'
import { useT } from '../../../i18n/index.ts'
import { decibelText, secondsText } from '../../../i18n/formats.ts'
import { showDone, showError } from '../../../app/errors/index.ts'
import { call } from '../../../app/station-client/index.ts'
import { StateBadge } from '../../../ui/index.ts'
import { editorNow, showEditor } from '../editor-store.ts'
import { applyAll } from '../session.ts'
import type { SingleCommand } from '../session.ts'
import { playhead } from '../transport.ts'
import { followSound, ProgressLine } from '../../levelling/index.ts'
import type { Work } from '../../levelling/index.ts'
import { useAbPreview } from './use-ab-preview.ts'

export type ClipTreatment = Extract<ProcedureInput<'sound.treat'>['treatment'], { kind: 'cleanUp' | 'horn' }>
const MOST_EXCERPT = 15 * RATE_HZ
/** After the last move of a slider. */
const REST_MS = 250

/** Stretch of the clip that is listened to: from the playhead, or from its beginning. */
export function excerptOf(clip: Clip, at: number): { start: number; end: number } {
  const inside = at > clip.start && at < clipEnd(clip) - RATE_HZ ? at - clip.start : 0
  return { start: clip.offset + inside, end: clip.offset + Math.min(clip.length, inside + MOST_EXCERPT) }
}
const itemOf = (clip: Clip): string => editorNow().project?.edl.sources.find((source) => source.id === clip.sourceId)?.itemId ?? ''

/** Before and after by ear, then the clips as new items of the library, as one step of the history. */
export function TreatForm(props: { clips: readonly Clip[]; treatment: ClipTreatment; isIdle: boolean; children: ReactNode; onClose: () => void }) {
  const t = useT()
  const { clips, treatment } = props
  const [work, setWork] = useState<Work | null>(null)
  const ab = useAbPreview()
  const { make: makePreview } = ab
  const first = clips[0]
  const wished = JSON.stringify(treatment)
  const heard = useRef<string | null>(null)
  const listen = (): void => {
    if (first === undefined) return
    heard.current = wished
    void makePreview({ itemId: itemOf(first), range: excerptOf(first, playhead()), treatment })
  }
  const again = useRef(listen)
  again.current = listen
  useEffect(() => {
    // Whoever is listening hears what he moves.
    if (heard.current === null || heard.current === wished) return
    const timer = setTimeout(() => again.current(), REST_MS)
    return () => clearTimeout(timer)
  }, [wished])
  const kind = treatment.kind

  const make = async (): Promise<void> => {
    const { project } = editorNow()
    if (project === null) return
    try {
      const { jobId } = await call('sound.treat', { title: t(`sound.${kind}.job`, { title: project.title }), parts: clips.map((clip) => ({ key: clip.id, itemId: itemOf(clip), offset: clip.offset, length: clip.length })), treatment })
      setWork({ jobId, share: null })
      const report = await followSound(jobId, (share) => setWork({ jobId, share })).report
      if (report.kind !== 'treated') return
      const commands = report.parts.map((part): SingleCommand => ({ op: 'replaceClip', clipId: part.key, itemId: part.itemId, offset: part.offset, length: part.length }))
      if (!(await applyAll(commands, 'cleanUp'))) return
      const text = t(`sound.${kind}.done`, { count: commands.length })
      showDone(text)
      showEditor({ said: text })
      props.onClose()
    } catch (error) {
      showError(error)
    } finally {
      setWork(null)
    }
  }

  return (
    <Stack gap="sm" data-testid="cleanup-form">
      <Text size="sm">{t('sound.cleanUp.what', { count: clips.length, length: secondsText(clips.reduce((sum, clip) => sum + clip.length, 0) / RATE_HZ) })}</Text>
      {props.children}
      <Group gap="xs">
        <Button size="sm" variant="light" loading={ab.isMaking} onClick={() => (ab.preview === null ? listen() : ab.toggle())} leftSection={ab.isPlaying ? <IconPlayerPauseFilled size={14} /> : <IconPlayerPlayFilled size={14} />} data-testid="cleanup-listen">
          {t(ab.isPlaying ? 'sound.cleanUp.pause' : 'sound.cleanUp.listen')}
        </Button>
        <SegmentedControl aria-label={t('sound.cleanUp.sides')} size="sm" disabled={ab.preview === null} value={ab.side} onChange={(value) => ab.hear(value === 'before' ? 'before' : 'after')} data={[{ value: 'before', label: t('sound.cleanUp.before') }, { value: 'after', label: t(`sound.${kind}.after`) }]} data-testid="cleanup-side" />
        {ab.preview !== null && <StateBadge tone="info">{t('sound.cleanUp.matched', { gain: decibelText(ab.preview.matchGainDb) })}</StateBadge>}
      </Group>
      <Text size="xs" className="dim">{t('sound.cleanUp.safe')}</Text>
      {work !== null && <ProgressLine work={work} label={t(`sound.${kind}.title`)} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={props.onClose}>{t('app.close')}</Button>
        <Button disabled={work !== null || props.isIdle} onClick={() => void make()} data-testid="cleanup-apply">{t(`sound.${kind}.apply`)}</Button>
      </Group>
    </Stack>
  )
}
