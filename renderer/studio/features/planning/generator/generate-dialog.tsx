import { useState } from 'react'
import { Button, Group, Modal, Progress, Radio, Stack, Text, TextInput } from '@mantine/core'
import { addDays, isCalendarDate } from '#common/timing/zone.ts'
import { mondayOf } from '#common/planning/index.ts'
import type { PlanDraft } from '#contract/planning.ts'
import { useT } from '../../../i18n/index.ts'
import { broadcastDateText } from '../../../i18n/formats.ts'
import { showError } from '../../../app/errors/index.ts'
import { call, finishedJob } from '../../../app/station-client/index.ts'
import { usePlan } from '../plan-context.ts'
import { showPlanning, usePlanning } from '../planning-store.ts'
import { DraftView } from './draft-view.tsx'

const MOST_DAYS = 62
type Which = 'tomorrow' | 'day' | 'week' | 'next7' | 'range'

/** Tries days of log from the plan (or from another week), shows what is wrong with them, and only then writes them. */
export function GenerateDialog() {
  const t = useT()
  const dialog = usePlanning((state) => state.dialog)
  const close = (): void => showPlanning({ dialog: 'none' })
  return (
    <Modal opened={dialog !== 'none'} onClose={close} size={1080} title={t(dialog === 'copy' ? 'planning.generator.copyTitle' : 'planning.generator.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {dialog !== 'none' && <Work key={dialog} kind={dialog} />}
    </Modal>
  )
}

function Work(props: { kind: 'generate' | 'copy' }) {
  const t = useT()
  const [draft, setDraft] = useState<PlanDraft | null>(null)
  const [running, setRunning] = useState<{ jobId: string; share: number | null } | null>(null)
  const run = async (start: () => Promise<{ jobId: string }>): Promise<void> => {
    setDraft(null)
    try {
      const { jobId } = await start()
      setRunning({ jobId, share: null })
      const job = await finishedJob(jobId, (share) => setRunning({ jobId, share }))
      setDraft(await call('planning.draft', { draftId: job.result?.['draftId'] ?? '' }))
    } catch (error) {
      showError(error)
    } finally {
      setRunning(null)
    }
  }
  return (
    <Stack gap="sm">
      {props.kind === 'copy' ? <CopyForm busy={running !== null} onRun={run} /> : <DaysForm busy={running !== null} onRun={run} />}
      {running !== null && (
        <Group gap={8}>
          <Progress value={(running.share ?? 0) * 100} flex={1} aria-label={t('planning.generator.working')} />
          <Text size="sm">{t('planning.generator.working')}</Text>
          <Button variant="default" size="compact-sm" onClick={() => void call('jobs.cancel', { jobId: running.jobId }).catch(showError)}>{t('planning.generator.cancel')}</Button>
        </Group>
      )}
      {draft !== null && <DraftView key={draft.id} draft={draft} onChange={setDraft} />}
    </Stack>
  )
}

type OnRun = (start: () => Promise<{ jobId: string }>) => Promise<void>

function DaysForm(props: { busy: boolean; onRun: OnRun }) {
  const t = useT()
  const { week } = usePlan()
  const asked = usePlanning((state) => state.generateDate)
  const tomorrow = addDays(week.today, 1)
  const [which, setWhich] = useState<Which>(asked === null ? 'tomorrow' : 'day')
  const [from, setFrom] = useState(tomorrow)
  const [to, setTo] = useState(addDays(tomorrow, 6))
  const days = (first: string, last: string): string[] => {
    const dates: string[] = []
    for (let date = first; date <= last && dates.length <= MOST_DAYS; date = addDays(date, 1)) dates.push(date)
    return dates
  }
  const isRange = isCalendarDate(from) && isCalendarDate(to)
  const dates = which === 'tomorrow' ? [tomorrow] : which === 'day' ? [asked ?? tomorrow] : which === 'week' ? days(week.monday < week.today ? week.today : week.monday, addDays(week.monday, 6)) : which === 'next7' ? days(tomorrow, addDays(tomorrow, 6)) : isRange ? days(from, to) : []
  const wrong = dates.length === 0 || dates.length > MOST_DAYS || (dates[0] ?? '') < week.today
  return (
    <form onSubmit={(event) => {
      event.preventDefault()
      if (!wrong && !props.busy) void props.onRun(() => call('planning.generate', { dates }))
    }}>
      <Group align="flex-end" gap="md">
        <Radio.Group label={t('planning.generator.which')} value={which} onChange={(value) => setWhich(value)}>
          <Group gap="md" mt={4}>
            {asked !== null && <Radio size="xs" value="day" label={t('planning.generator.chosenDay', { date: broadcastDateText(asked) })} />}
            <Radio size="xs" value="tomorrow" label={t('planning.generator.tomorrow')} data-testid="generate-tomorrow" />
            <Radio size="xs" value="week" label={t('planning.generator.week')} data-testid="generate-week" />
            <Radio size="xs" value="next7" label={t('planning.generator.next7')} />
            <Radio size="xs" value="range" label={t('planning.generator.range')} />
          </Group>
        </Radio.Group>
        {which === 'range' && <>
          <TextInput type="date" label={t('planning.generator.from')} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
          <TextInput type="date" label={t('planning.generator.to')} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
        </>}
        <Button type="submit" variant="light" loading={props.busy} disabled={wrong} data-autofocus data-testid="generate-run">{t('planning.generator.run')}</Button>
      </Group>
      <Text size="xs" className="dim" mt={4}>{wrong ? t('planning.generator.wrongRange') : t('planning.generator.explain')}</Text>
    </form>
  )
}

function CopyForm(props: { busy: boolean; onRun: OnRun }) {
  const t = useT()
  const { week } = usePlan()
  const [from, setFrom] = useState(week.monday)
  const [to, setTo] = useState(addDays(week.monday, 7))
  const good = isCalendarDate(from) && isCalendarDate(to) && mondayOf(from) !== mondayOf(to) && addDays(mondayOf(to), 6) >= week.today
  return (
    <form onSubmit={(event) => {
      event.preventDefault()
      if (good && !props.busy) void props.onRun(() => call('planning.copyWeek', { fromMonday: from, toMonday: to }))
    }}>
      <Group align="flex-end" gap="md">
        <TextInput type="date" label={t('planning.generator.copyFrom')} value={from} onChange={(event) => setFrom(event.currentTarget.value)} data-autofocus data-testid="copy-from" />
        <TextInput type="date" label={t('planning.generator.copyTo')} value={to} onChange={(event) => setTo(event.currentTarget.value)} data-testid="copy-to" />
        <Button type="submit" variant="light" loading={props.busy} disabled={!good} data-testid="copy-run">{t('planning.generator.run')}</Button>
      </Group>
      <Text size="xs" className="dim" mt={4}>{t('planning.generator.copyExplain')}</Text>
    </form>
  )
}
