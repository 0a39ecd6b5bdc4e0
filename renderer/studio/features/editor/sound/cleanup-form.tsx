import { useState } from 'react'
import { Button, Checkbox, Group, SegmentedControl, Slider, Stack, Text } from '@mantine/core'
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react'
import type { Clip } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { useT } from '../../../i18n/index.ts'
import { decibelText, secondsText } from '../../../i18n/formats.ts'
import { showDone, showError } from '../../../app/errors/index.ts'
import { call, useStationQuery } from '../../../app/station-client/index.ts'
import { StateBadge } from '../../../ui/index.ts'
import { editorNow } from '../editor-store.ts'
import { applyAll } from '../session.ts'
import type { SingleCommand } from '../session.ts'
import { playhead } from '../transport.ts'
import { ProgressLine } from './progress-line.tsx'
import type { Work } from './progress-line.tsx'
import { followSound } from './run-job.ts'
import { useAbPreview } from './use-ab-preview.ts'

const steps = ['rumble', 'hum', 'noise', 'clicks', 'sibilance'] as const
type Step = (typeof steps)[number]
const MOST_EXCERPT = 15 * RATE_HZ

/** Stretch of the clip that is listened to: from the playhead, or from its beginning. */
export function excerptOf(clip: Clip, at: number): { start: number; end: number } {
  const inside = at > clip.start && at < clipEnd(clip) - RATE_HZ ? at - clip.start : 0
  return { start: clip.offset + inside, end: clip.offset + Math.min(clip.length, inside + MOST_EXCERPT) }
}

export function CleanupForm(props: { clips: readonly Clip[]; onClose: () => void }) {
  const t = useT()
  const { clips } = props
  const [amount, setAmount] = useState(50)
  const [on, setOn] = useState<Readonly<Record<Step, boolean>>>({ rumble: true, hum: true, noise: true, clicks: false, sibilance: true })
  const [work, setWork] = useState<Work | null>(null)
  const abilities = useStationQuery('sound.abilities', {})
  const ab = useAbPreview()
  const first = clips[0]
  if (first === undefined) return null
  const treatment = { kind: 'cleanUp', amount, ...on } as const
  const itemOf = (clip: Clip): string => editorNow().project?.edl.sources.find((source) => source.id === clip.sourceId)?.itemId ?? ''
  const listen = (change: Partial<typeof treatment> = {}): void => void ab.make({ itemId: itemOf(first), range: excerptOf(first, playhead()), treatment: { ...treatment, ...change } })
  /** Whoever is listening hears what he moves. */
  const again = (change: Partial<typeof treatment>): void => {
    if (ab.preview !== null) listen(change)
  }
  const can = (step: Step): boolean => abilities.data === undefined || (step === 'noise' ? abilities.data.noise !== 'none' : step === 'clicks' ? abilities.data.clicks : step === 'sibilance' ? abilities.data.sibilance : true)

  const make = async (): Promise<void> => {
    const { project } = editorNow()
    if (project === null) return
    try {
      const { jobId } = await call('sound.treat', { title: t('sound.cleanUp.job', { title: project.title }), parts: clips.map((clip) => ({ key: clip.id, itemId: itemOf(clip), offset: clip.offset, length: clip.length })), treatment })
      setWork({ jobId, share: null })
      const report = await followSound(jobId, (share) => setWork({ jobId, share })).report
      if (report.kind !== 'treated') return
      const commands = report.parts.map((part): SingleCommand => ({ op: 'replaceClip', clipId: part.key, itemId: part.itemId, offset: part.offset, length: part.length }))
      if (!(await applyAll(commands, 'cleanUp'))) return
      showDone(t('sound.cleanUp.done', { count: commands.length }))
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
      <div>
        <Text size="sm" fw={500} id="cleanup-amount">{t('sound.cleanUp.amount', { amount })}</Text>
        <Slider min={0} max={100} step={5} value={amount} onChange={setAmount} onChangeEnd={(value) => again({ amount: value })} label={null} thumbProps={{ 'aria-labelledby': 'cleanup-amount' }} data-testid="cleanup-amount" />
      </div>
      <div className="sound-steps">
        {steps.map((step) => (
          <Checkbox key={step} size="sm" label={t(`sound.cleanUp.steps.${step}`)} description={can(step) ? undefined : t('sound.cleanUp.cannot')} disabled={!can(step)} checked={on[step] && can(step)} data-testid={`cleanup-${step}`} onChange={(event) => {
            const checked = event.currentTarget.checked
            setOn((now) => ({ ...now, [step]: checked }))
            again({ [step]: checked })
          }} />
        ))}
      </div>
      <Group gap="xs">
        <Button size="sm" variant="light" loading={ab.isMaking} onClick={() => (ab.preview === null ? listen() : ab.toggle())} leftSection={ab.isPlaying ? <IconPlayerPauseFilled size={14} /> : <IconPlayerPlayFilled size={14} />} data-testid="cleanup-listen">
          {t(ab.isPlaying ? 'sound.cleanUp.pause' : 'sound.cleanUp.listen')}
        </Button>
        <SegmentedControl aria-label={t('sound.cleanUp.sides')} size="sm" disabled={ab.preview === null} value={ab.side} onChange={(value) => ab.hear(value === 'before' ? 'before' : 'after')} data={[{ value: 'before', label: t('sound.cleanUp.before') }, { value: 'after', label: t('sound.cleanUp.after') }]} data-testid="cleanup-side" />
        {ab.preview !== null && <StateBadge tone="info">{t('sound.cleanUp.matched', { gain: decibelText(ab.preview.matchGainDb) })}</StateBadge>}
      </Group>
      <Text size="xs" className="dim">{t('sound.cleanUp.safe')}</Text>
      {work !== null && <ProgressLine work={work} label={t('sound.cleanUp.title')} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={props.onClose}>{t('app.close')}</Button>
        <Button disabled={work !== null || amount === 0} onClick={() => void make()} data-testid="cleanup-apply">{t('sound.cleanUp.apply')}</Button>
      </Group>
    </Stack>
  )
}
