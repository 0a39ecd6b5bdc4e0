import { useState } from 'react'
import { ActionIcon, Button, Code, Group, Progress, ScrollArea, Stack, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useT } from '../../../i18n/index.ts'
import { clockText } from '../../../i18n/formats.ts'
import { errorText, showError } from '../../../app/errors/index.ts'
import { call, useStationQuery } from '../../../app/station-client/index.ts'
import { StateBadge } from '../../../ui/index.ts'

const tones = { queued: 'idle', running: 'warn', done: 'ok', failed: 'bad', cancelled: 'idle' } as const

/** Every export since the station started, newest first, with what came of it. */
export function RenderQueue() {
  const t = useT()
  const { data } = useStationQuery('jobs.list', {}, { events: ['jobs.changed'] })
  const jobs = data?.jobs.filter((job) => job.kind === 'render') ?? []
  if (jobs.length === 0) return <Text size="sm" className="dim">{t('exchange.queueEmpty')}</Text>
  return (
    <ScrollArea.Autosize mah={420}>
      <ul className="editor-choice" data-testid="export-queue">
        {jobs.map((job) => (
          <li key={job.id}>
            <span className="editor-choice-title">
              {job.subject} <span className="dim">{clockText(job.startedAt)}</span>
              {job.result?.['path'] !== undefined && <Text size="xs" className="dim">{job.result['path']}</Text>}
              {job.error !== null && <Text size="xs">{errorText(job.error.code, job.error.data ?? {}).happened}</Text>}
            </span>
            {job.endedAt === null ? <Progress w={120} value={(job.progress ?? 0) * 100} aria-label={t('app.jobs.progress')} /> : <span />}
            <Group gap={4} wrap="nowrap">
              <StateBadge tone={tones[job.state]}>{t(`app.jobs.states.${job.state}`)}</StateBadge>
              {job.endedAt === null && <ActionIcon size="sm" variant="default" aria-label={t('exchange.cancelOne', { name: job.subject })} onClick={() => void call('jobs.cancel', { jobId: job.id }).catch(showError)}><IconX size={14} /></ActionIcon>}
            </Group>
          </li>
        ))}
      </ul>
    </ScrollArea.Autosize>
  )
}

/** For those who want to know, or to do the same by hand. */
export function LastCommands() {
  const t = useT()
  const [copied, setCopied] = useState(false)
  const { data } = useStationQuery('exchange.lastCommands', {}, { events: ['jobs.changed'] })
  const commands = [...(data?.commands ?? [])].reverse()
  if (commands.length === 0) return <Text size="sm" className="dim">{t('exchange.commandsEmpty')}</Text>
  return (
    <Stack gap="xs">
      <ScrollArea.Autosize mah={420} viewportProps={{ tabIndex: 0, 'aria-label': t('exchange.commands'), role: 'region' }}>
        <Code block data-testid="export-commands">{commands.join('\n\n')}</Code>
      </ScrollArea.Autosize>
      <Group justify="flex-end">
        <Button variant="default" size="xs" onClick={() => void navigator.clipboard.writeText(commands.join('\n')).then(() => setCopied(true), showError)}>{t(copied ? 'exchange.copied' : 'exchange.copyCommands')}</Button>
      </Group>
    </Stack>
  )
}
