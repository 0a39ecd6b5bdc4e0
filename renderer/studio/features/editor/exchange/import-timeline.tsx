import { useRef } from 'react'
import { Button } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useT } from '../../../i18n/index.ts'
import { call } from '../../../app/station-client/index.ts'
import { openProject } from '../session.ts'
import { FileInput } from './file-input.tsx'

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
      <FileInput ref={input} accept=".otio,.edl" label={t('exchange.importTimeline')} testId="import-timeline-file" onFile={take} />
    </>
  )
}
