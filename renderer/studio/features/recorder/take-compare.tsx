import { useState } from 'react'
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconPlayerSkipForwardFilled, IconPlayerStopFilled, IconVolume } from '@tabler/icons-react'
import type { RecordedTake } from '#contract/recorder.ts'
import { useT } from '../../i18n/index.ts'
import { Kbd } from '../../ui/index.ts'
import { call, useMay } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { playTakes, skipTake, stopTakes, useTakePlayer } from './take-player.ts'

/** Discards a take: one that is in the library leaves it (the original is kept 30 days), another is brought back with "Lấy lại". */
export async function discardTake(take: RecordedTake): Promise<void> {
  if (take.itemId === null) return void (await call('recorder.discard', { takeId: take.id }))
  const item = await call('library.get', { itemId: take.itemId })
  await call('library.remove', { itemId: item.id, rev: item.rev })
}

/** Several chosen takes: heard one after the other, then one is kept and the others go. */
export function CompareBar(props: { chosen: readonly RecordedTake[]; onDone: () => void }) {
  const t = useT()
  const { chosen } = props
  const queue = useTakePlayer((state) => state.queue)
  const mayRemove = useMay('editor')
  const [keepId, setKeepId] = useState<string | null>(null)
  const kept = chosen.find((take) => take.id === keepId) ?? null
  const others = chosen.filter((take) => take !== kept)
  const settle = async (): Promise<void> => {
    stopTakes()
    for (const take of others) await discardTake(take)
    setKeepId(null)
    props.onDone()
    showDone(t('recorder.compare.kept', { title: kept?.title ?? '' }))
  }
  if (chosen.length === 0 && queue.length === 0) return <Text size="xs" className="dim" px={8} py={4}>{t('recorder.compare.hint')}</Text>
  return (
    <Stack gap={4} px={8} py={6} className="recorder-compare" data-testid="compare">
      <Group gap={6}>
        <Button size="compact-xs" leftSection={<IconVolume size={12} aria-hidden />} disabled={chosen.length === 0} onClick={() => playTakes(chosen.flatMap((take) => take.itemId ?? []))} rightSection={<Kbd>C</Kbd>} data-testid="compare-play">{t('recorder.compare.play', { count: chosen.length })}</Button>
        <Button size="compact-xs" variant="default" disabled={queue.length < 2} leftSection={<IconPlayerSkipForwardFilled size={12} aria-hidden />} onClick={skipTake} data-testid="compare-next">{t('recorder.compare.next')}</Button>
        <Button size="compact-xs" variant="default" disabled={queue.length === 0} leftSection={<IconPlayerStopFilled size={12} aria-hidden />} onClick={stopTakes}>{t('recorder.compare.stop')}</Button>
      </Group>
      {chosen.length > 1 && mayRemove && (
        <Group gap={6}>
          {chosen.map((take, index) => <Button key={take.id} size="compact-xs" variant="default" aria-label={t('recorder.compare.keepName', { title: take.title })} onClick={() => setKeepId(take.id)} data-testid="compare-keep">{t('recorder.compare.keep', { number: index + 1 })}</Button>)}
        </Group>
      )}
      <Modal opened={kept !== null} onClose={() => setKeepId(null)} title={t('recorder.compare.confirmTitle', { title: kept?.title ?? '' })} closeButtonProps={{ 'aria-label': t('app.close') }}>
        <Stack gap="sm">
          <Text size="sm">{t('recorder.compare.confirmText', { count: others.length })}</Text>
          <Button color="#a61d1d" onClick={() => void settle().catch(showError)} data-autofocus data-testid="compare-confirm">{t('recorder.compare.confirm')}</Button>
        </Stack>
      </Modal>
    </Stack>
  )
}
