import { Button, Group } from '@mantine/core'
import type { Item } from '#contract/library.ts'
import { translate, useT } from '../../i18n/index.ts'
import { call, useMay } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { followJob } from './trim-item.ts'

/** Where to look for an original: it is known by its content, so name and place do not matter. */
export function RelinkButtons(props: { item: Item }) {
  const t = useT()
  const mayLook = useMay('recorder')
  const look = (kind: 'audio' | 'folder', all: boolean): void => {
    void (async () => {
      const [path] = await window.vangxa.pickFiles(kind)
      if (path === undefined) return
      const { jobId } = await call('library.relink', { path, ...(all ? {} : { itemId: props.item.id }) })
      await followJob(jobId, (result) => showDone(translate('library.lost.result', { found: Number(result['found'] ?? 0), missing: Number(result['missing'] ?? 0) })))
    })().catch(showError)
  }
  if (!mayLook) return null
  return (
    <Group gap={6}>
      <Button size="compact-xs" variant="default" onClick={() => look('audio', false)} data-testid="relink-file">{t('library.lost.file')}</Button>
      <Button size="compact-xs" variant="default" onClick={() => look('folder', false)} data-testid="relink-folder">{t('library.lost.folder')}</Button>
      <Button size="compact-xs" variant="default" onClick={() => look('folder', true)} data-testid="relink-all">{t('library.lost.all')}</Button>
    </Group>
  )
}
