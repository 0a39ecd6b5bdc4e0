import { useRef } from 'react'
import { Button } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useT } from '../../../i18n/index.ts'
import { showError } from '../../../app/errors/index.ts'
import { call } from '../../../app/station-client/index.ts'
import { openProject } from '../session.ts'

/** Makes a project of an arrangement that another program has written. */
export function ImportTimeline() {
  const t = useT()
  const input = useRef<HTMLInputElement>(null)
  const take = async (file: File): Promise<void> => {
    const format = /\.edl$/i.test(file.name) ? 'cmx3600' : 'otio'
    const { projectId } = await call('exchange.importTimeline', { title: file.name.replace(/\.[^.]+$/, '').slice(0, 200) || file.name, format, text: await file.text() })
    await openProject(projectId)
  }
  return (
    <>
      <Button variant="default" leftSection={<IconFileImport size={16} aria-hidden />} onClick={() => input.current?.click()} data-testid="import-timeline">{t('exchange.importTimeline')}</Button>
      <input ref={input} type="file" accept=".otio,.edl" aria-label={t('exchange.importTimeline')} hidden data-testid="import-timeline-file" onChange={(event) => {
        const [file] = event.currentTarget.files ?? []
        event.currentTarget.value = ''
        if (file !== undefined) void take(file).catch(showError)
      }} />
    </>
  )
}
