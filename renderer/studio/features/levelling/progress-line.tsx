import { Button, Group, Progress } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call } from '../../app/station-client/index.ts'

export interface Work {
  readonly jobId: string
  readonly share: number | null
}

/** How far the station is, and a way to stop it. */
export function ProgressLine(props: { work: Work; label: string }) {
  const t = useT()
  const percent = Math.round((props.work.share ?? 0) * 100)
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress flex={1} value={props.work.share === null ? 100 : percent} animated={props.work.share === null} aria-label={props.label} />
      <Button size="compact-xs" variant="default" onClick={() => void call('jobs.cancel', { jobId: props.work.jobId }).catch(showError)} data-testid="sound-cancel">{t('app.cancel')}</Button>
    </Group>
  )
}
