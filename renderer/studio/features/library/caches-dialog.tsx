import { useState } from 'react'
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { Caches } from '#contract/library.ts'
import { translate, useT } from '../../i18n/index.ts'
import { bytesText } from '../../i18n/formats.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { call, finishedJob, queryClient, useStationQuery } from '../../app/station-client/index.ts'
import { ProgressLine, type Work } from '../levelling/index.ts'
import { showLibrary, useLibraryView } from './library-store.ts'

/** What can be made again from the originals: how much there is to win, what stays and why, and the button. */
export function CachesDialog() {
  const t = useT()
  const opened = useLibraryView((view) => view.cachesOpen)
  return (
    <Modal opened={opened} onClose={() => showLibrary({ cachesOpen: false })} size={560} title={t('holdings.caches.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && <Body />}
    </Modal>
  )
}

function Body() {
  const t = useT()
  const { data } = useStationQuery('library.caches', {})
  const [work, setWork] = useState<Work | null>(null)
  const clear = async (): Promise<void> => {
    try {
      const { jobId } = await call('library.purgeCaches', {})
      setWork({ jobId, share: null })
      const { result } = await finishedJob(jobId, (share) => setWork({ jobId, share }))
      showDone(translate('holdings.caches.done', { bytes: bytesText(Number(result?.['freedBytes'] ?? 0)), files: Number(result?.['files'] ?? 0) }))
    } catch (error) {
      showError(error)
    } finally {
      setWork(null)
      void queryClient.invalidateQueries({ queryKey: ['library.caches'] })
    }
  }
  const bytes = data === undefined ? 0 : data.mezzanine.bytes + data.peaks.bytes
  return (
    <Stack gap="sm" data-testid="caches-dialog">
      <Text size="sm">{t('holdings.caches.how')}</Text>
      {data === undefined ? <Text size="sm" role="status">{t('holdings.caches.counting')}</Text> : <Lines caches={data} />}
      {work !== null && <ProgressLine work={work} label={t('holdings.caches.clearing')} />}
      <Group justify="flex-end">
        <Button disabled={work !== null || bytes === 0} onClick={() => void clear()} data-autofocus data-testid="caches-clear">{t('holdings.caches.clear', { bytes: bytesText(bytes) })}</Button>
      </Group>
    </Stack>
  )
}

function Lines(props: { caches: Caches }) {
  const t = useT()
  const { mezzanine, peaks, kept } = props.caches
  const line = (name: string, sum: { files: number; bytes: number }, key: string) => (
    <tr key={key} data-testid={`caches-${key}`}><th scope="row">{name}</th><td className="number">{t('holdings.caches.files', { count: sum.files })}</td><td className="number">{bytesText(sum.bytes)}</td></tr>
  )
  return (
    <>
      <table className="library-caches"><caption>{t('holdings.caches.goes')}</caption><tbody>{line(t('holdings.caches.mezzanine'), mezzanine, 'mezzanine')}{line(t('holdings.caches.peaks'), peaks, 'peaks')}</tbody></table>
      {kept.length > 0 && <table className="library-caches"><caption>{t('holdings.caches.stays')}</caption><tbody>{kept.map((sum) => line(t(`holdings.caches.kept.${sum.why}`), sum, `kept-${sum.why}`))}</tbody></table>}
    </>
  )
}
