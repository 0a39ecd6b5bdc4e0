import { Loader, Stack, Text, Title } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { errorText } from '../errors/index.ts'
import type { ConnectionPhase } from '../station-client/index.ts'

export function Waiting(props: { phase: ConnectionPhase }) {
  const t = useT()
  const refused = props.phase === 'refused' ? errorText('wrong-token') : null
  return (
    <main className="gate">
      <div className="gate-card" role="status">
        <Stack gap="sm">
          <Title order={1} size="h3">VangXa Studio</Title>
          {refused === null ? (
            <><Loader size="sm" aria-label={t('app.connecting')} /><Text>{t(props.phase === 'gone' ? 'app.stationGone' : 'app.connecting')}</Text></>
          ) : (
            <><Text fw={600}>{refused.happened}</Text><Text>{refused.safe}</Text><Text>{refused.todo}</Text></>
          )}
        </Stack>
      </div>
    </main>
  )
}
