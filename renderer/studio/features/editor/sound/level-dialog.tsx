import { useState } from 'react'
import { Button, Group, Modal, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import type { LevelStandard, SoundReport } from '#contract/sound.ts'
import { useT } from '../../../i18n/index.ts'
import { decibelText } from '../../../i18n/formats.ts'
import { showDone, showError } from '../../../app/errors/index.ts'
import { call, useStationQuery } from '../../../app/station-client/index.ts'
import { clipsAtHand } from '../commands/at-hand.ts'
import { editorNow, showEditor } from '../editor-store.ts'
import { NumberField } from '../parts/number-field.tsx'
import { applyAll } from '../session.ts'
import { levelCommands } from './level-commands.ts'
import { followSound, LevelRows, levelText, ProgressLine } from '../../levelling/index.ts'
import type { Work } from '../../levelling/index.ts'
import { closeLevelling, useSoundTools } from './sound-store.ts'

/** −23 by EBU R 128, −18 as many stations air, −16 for speakers outdoors and the Internet. */
const presets = ['station', '-23', '-18', '-16', 'custom'] as const
type Preset = (typeof presets)[number]

/** Levelling with everything to be seen before it is done: what was measured, which gain, where a limiter would work. */
export function LevelDialog() {
  const t = useT()
  const opened = useSoundTools((state) => state.levelOpen)
  return (
    <Modal opened={opened} onClose={closeLevelling} size={640} title={t('sound.level.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && <LevelForm />}
    </Modal>
  )
}

function LevelForm() {
  const t = useT()
  const settings = useStationQuery('settings.get', {}, { events: ['settings.changed'] })
  const [clips] = useState(clipsAtHand)
  const [whole, setWhole] = useState(clips.length === 0)
  const [preset, setPreset] = useState<Preset>('station')
  const [custom, setCustom] = useState(-20)
  const [ceiling, setCeiling] = useState<number | null>(null)
  const [work, setWork] = useState<Work | null>(null)
  const [report, setReport] = useState<SoundReport | null>(null)
  if (settings.data === undefined) return null
  const { targetLufs, ceilingDbtp } = settings.data
  const standard: LevelStandard = { targetLufs: preset === 'station' ? targetLufs : preset === 'custom' ? custom : Number(preset), ceilingDbtp: ceiling ?? ceilingDbtp }
  const forget = <T,>(set: (value: T) => void) => (value: T): void => {
    set(value)
    setReport(null)
  }

  const measure = async (): Promise<void> => {
    const { project } = editorNow()
    if (project === null) return
    setReport(null)
    try {
      const items = new Map(project.edl.sources.map((source) => [source.id, source.itemId]))
      const { jobId } = whole
        ? await call('sound.measureProject', { projectId: project.id, rev: project.rev, title: project.title, standard })
        : await call('sound.measureClips', { title: project.title, standard, parts: clips.map((clip) => ({ key: clip.id, itemId: items.get(clip.sourceId) ?? '', offset: clip.offset, length: clip.length })) })
      setWork({ jobId, share: null })
      setReport(await followSound(jobId, (share) => setWork({ jobId, share })).report)
    } catch (error) {
      showError(error)
    } finally {
      setWork(null)
    }
  }
  const apply = async (): Promise<void> => {
    const { project } = editorNow()
    if (report === null || project === null) return
    const commands = levelCommands(report, project.edl)
    if (!(await applyAll(commands, report.kind === 'project' ? 'setMaster' : 'levelAll'))) return
    const rows = report.kind === 'project' ? [report.row] : report.kind === 'clips' ? report.rows : []
    const [only] = rows
    const text = rows.length === 1 && only !== undefined ? levelText(only) : t('sound.level.many', { count: rows.filter(({ outcome }) => outcome !== 'undefined').length, unknown: rows.filter(({ outcome }) => outcome === 'undefined').length })
    showDone(text)
    showEditor({ said: text })
    closeLevelling()
  }

  return (
    <Stack gap="sm" data-testid="level-form">
      <SegmentedControl fullWidth size="xs" aria-label={t('sound.level.scope')} value={whole ? 'whole' : 'clips'} onChange={forget((value: string) => setWhole(value === 'whole'))} data={[{ value: 'clips', label: t('sound.level.clips', { count: clips.length }), disabled: clips.length === 0 }, { value: 'whole', label: t('sound.level.whole') }]} />
      <Group align="flex-end" gap="sm">
        <Select w={250} label={t('sound.level.standard')} allowDeselect={false} value={preset} onChange={forget((value: string | null) => setPreset(presets.find((one) => one === value) ?? 'station'))} data-testid="level-preset"
          data={presets.map((one) => ({ value: one, label: one === 'station' ? t('sound.level.presets.station', { target: decibelText(targetLufs) }) : t(`sound.level.presets.${one}`) }))} />
        {preset === 'custom' && <NumberField label={t('sound.level.target')} value={custom} min={-40} max={-8} step={1} decimals={1} suffix=" LUFS" onCommit={forget(setCustom)} testId="level-target" />}
        <NumberField label={t('sound.level.ceiling')} value={standard.ceilingDbtp} min={-9} max={0} step={0.5} decimals={1} suffix=" dBTP" onCommit={forget(setCeiling)} />
      </Group>
      {report === null && <Text size="xs" className="dim">{t('sound.level.how')}</Text>}
      {work !== null && <ProgressLine work={work} label={t('sound.level.measuring')} />}
      {report !== null && <LevelRows report={report} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={closeLevelling}>{t('app.close')}</Button>
        <Button variant={report === null ? 'filled' : 'default'} disabled={work !== null} onClick={() => void measure()} data-testid="level-measure">{t('sound.level.measure')}</Button>
        {report !== null && <Button onClick={() => void apply()} data-autofocus data-testid="level-apply">{t('sound.level.apply')}</Button>}
      </Group>
    </Stack>
  )
}
