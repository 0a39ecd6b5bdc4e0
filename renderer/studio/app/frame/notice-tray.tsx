import { Alert, Button, Popover, Stack } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { errorText, showError } from '../errors/index.ts'
import { call, useStationQuery } from '../station-client/index.ts'

/** Problems nobody asked about: told once, kept until dismissed. */
export function NoticeTray() {
  const t = useT()
  const notices = useStationQuery('station.notices', {}, { events: ['station.notice'] })
  const list = notices.data?.notices ?? []
  if (list.length === 0) return null
  const dismiss = (noticeId: string): void => void call('station.dismissNotice', { noticeId }).then(() => notices.refetch(), showError)
  return (
    <Popover position="top-end" width={420} shadow="md" withinPortal>
      <Popover.Target><Button color="orange" variant="light" data-testid="notices">{t('app.notices.button', { count: list.length })}</Button></Popover.Target>
      <Popover.Dropdown>
        <Stack gap={6} mah={420} style={{ overflow: 'auto' }}>
          {list.map((notice) => {
            const text = errorText(notice.error.code, notice.error.data)
            return <Alert key={notice.id} color={notice.level === 'alarm' ? 'red' : 'orange'} title={text.happened} withCloseButton closeButtonLabel={t('app.close')} onClose={() => dismiss(notice.id)}>{text.safe} {text.todo}</Alert>
          })}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
