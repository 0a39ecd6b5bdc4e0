import { useState } from 'react'
import { Button, Group, Stack, Text } from '@mantine/core'
import type { LevelRow, SoundReport } from '#contract/sound.ts'
import { useT } from '../../i18n/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call, useMay } from '../../app/station-client/index.ts'
import { LevelRows } from './level-rows.tsx'
import { ProgressLine } from './progress-line.tsx'
import type { Work } from './progress-line.tsx'
import { followSound } from './run-job.ts'

/**
 * Several items against the station's standard. A static gain is applied when they play, so most need nothing; those whose peaks forbid it can get
 * a limited copy, and `onCopies` says which copy stands for which item.
 */
export function LevelItems(props: { title: string; itemIds: readonly string[]; onCopies: (copies: ReadonlyMap<string, string>) => Promise<void> }) {
  const t = useT()
  const mayEdit = useMay('editor')
  const [work, setWork] = useState<Work | null>(null)
  const [report, setReport] = useState<SoundReport | null>(null)
  const rows: readonly LevelRow[] = report?.kind === 'items' ? report.rows : []
  const limited = rows.filter(({ outcome, newItemId }) => outcome === 'limited' && newItemId === null)

  const run = async (itemIds: readonly string[], copies: boolean): Promise<readonly LevelRow[]> => {
    try {
      const { jobId } = await call('sound.levelItems', { title: props.title, itemIds: [...itemIds], standard: null, copies })
      setWork({ jobId, share: null })
      const found = await followSound(jobId, (share) => setWork({ jobId, share })).report
      const made = new Map(found.kind === 'items' ? found.rows.map((row) => [row.key, row]) : [])
      setReport((before) => (copies && before?.kind === 'items' ? { ...before, rows: before.rows.map((row) => made.get(row.key) ?? row) } : found))
      return [...made.values()]
    } catch (error) {
      showError(error)
      return []
    } finally {
      setWork(null)
    }
  }
  const makeCopies = async (): Promise<void> => {
    const made = await run(limited.map(({ key }) => key), true)
    const copies = new Map(made.flatMap(({ key, newItemId }) => (newItemId === null ? [] : [[key, newItemId] as const])))
    if (copies.size > 0) await props.onCopies(copies).catch(showError)
  }
  return (
    <Stack gap="sm" data-testid="level-items">
      <Text size="xs" className="dim">{t('sound.level.itemsHow')}</Text>
      {work !== null && <ProgressLine work={work} label={t('sound.level.measuring')} />}
      {report !== null && <LevelRows report={report} />}
      <Group justify="flex-end" gap="xs">
        <Button variant={report === null ? 'filled' : 'default'} disabled={work !== null || props.itemIds.length === 0} onClick={() => void run(props.itemIds, false)} data-autofocus data-testid="level-items-measure">{t('sound.level.measure')}</Button>
        {mayEdit && limited.length > 0 && <Button disabled={work !== null} onClick={() => void makeCopies()} data-testid="level-items-copies">{t('sound.level.makeCopies', { count: limited.length })}</Button>}
      </Group>
    </Stack>
  )
}
