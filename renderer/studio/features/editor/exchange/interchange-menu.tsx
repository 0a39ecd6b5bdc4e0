import { useRef } from 'react'
import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowsExchange } from '@tabler/icons-react'
import { useT } from '../../../i18n/index.ts'
import { showDone, showError } from '../../../app/errors/index.ts'
import { useMay } from '../../../app/station-client/index.ts'
import { showEditor, useEditor } from '../editor-store.ts'
import { apply } from '../session.ts'
import { FileInput } from './file-input.tsx'
import { readMarks, refusalText, saveMarks, saveTimeline } from './interchange.ts'

/** Markers and arrangements to and from other programs. */
export function InterchangeMenu() {
  const t = useT()
  const mayEdit = useMay('editor')
  const hasMarks = useEditor((state) => (state.project?.edl.markers.length ?? 0) > 0)
  const input = useRef<HTMLInputElement>(null)
  const saved = (work: Promise<string | null>): void => void work.then((path) => {
    if (path !== null) showDone(t('exchange.saved', { path }))
  }, showError)
  const importMarks = async (file: File): Promise<void> => {
    const marks = readMarks(file.name, await file.text())
    if ('refused' in marks) {
      notifications.show({ color: 'red', withBorder: true, closeButtonProps: { 'aria-label': t('app.close') }, message: refusalText(marks) })
      return
    }
    const commands = marks.map(({ at, length, label }) => ({ op: 'addMarker', at, length, label, kind: 'marker', slideId: null }) as const)
    if (await apply({ op: 'batch', commands, name: 'addMarker' })) showDone(t('exchange.marksAdded', { count: marks.length }))
  }
  // The key that closed it is still on its way to the action table, where Escape would clear the selection.
  const closed = (): void => void setTimeout(() => showEditor({ menuOpen: false }))
  return (
    <>
      <Menu position="bottom-end" shadow="md" withInitialFocusPlaceholder={false} onOpen={() => showEditor({ menuOpen: true })} onClose={closed}>
        <Menu.Target>
          <Button variant="default" title={t('exchange.menu')} leftSection={<IconArrowsExchange size={16} aria-hidden />} data-testid="interchange">{t('exchange.menu')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{hasMarks ? t('exchange.exportMarks') : t('exchange.noMarks')}</Menu.Label>
          {(['labels', 'cue', 'csv'] as const).map((form) => <Menu.Item key={form} disabled={!hasMarks} onClick={() => saved(saveMarks(form))} data-testid={`export-${form}`}>{t(`exchange.${form}`)}</Menu.Item>)}
          <Menu.Label>{t('exchange.exportTimeline')}</Menu.Label>
          {(['otio', 'cmx3600'] as const).map((form) => <Menu.Item key={form} onClick={() => saved(saveTimeline(form))} data-testid={`export-${form}`}>{t(`exchange.${form}`)}</Menu.Item>)}
          {mayEdit && <Menu.Divider />}
          {mayEdit && <Menu.Item onClick={() => input.current?.click()} data-testid="import-marks">{t('exchange.importMarks')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      <FileInput ref={input} accept=".txt,.cue,.csv" label={t('exchange.importMarks')} testId="import-marks-file" onFile={importMarks} />
    </>
  )
}
