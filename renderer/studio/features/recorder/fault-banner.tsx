import { useState } from 'react'
import { Button, Group, Select } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useShallow } from 'zustand/react/shallow'
import { isOpen } from '#common/take/index.ts'
import type { TakeFault } from '#contract/recorder.ts'
import { useT } from '../../i18n/index.ts'
import { useStationEvent } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'
import { Kbd } from '../../ui/index.ts'
import { goOnWith } from './input-owner.ts'
import { useRecorderStore } from './recorder-store.ts'
import { lookForRoomNow } from './take-cut.ts'

type Trouble = 'disk-full' | 'no-room' | 'input-lost' | 'stream-lost' | 'link-lost' | 'silence' | 'stalled' | 'disk-low' | 'writer-late' | 'clipping'
const RECENT_MS = 8_000

/** What is wrong now, while it can still be mended: what happened, what is safe, what to do. Spoken by the screen reader at once. */
export function FaultBanner() {
  const t = useT()
  const { model, silent, stalled, waitingFrames, waitingIn, droppedFrames, take, clips } = useRecorderStore(useShallow((state) => ({ model: state.model, silent: state.silent, stalled: state.stalled, waitingFrames: state.waitingFrames, waitingIn: state.waitingIn, droppedFrames: state.droppedFrames, take: state.take, clips: state.clips })))
  const open = isOpen(model)
  // The station tells faults with each change of the take: enough to let "just now" pass.
  useStationEvent('recorder.changed', () => undefined)
  const recent = (kind: TakeFault['kind']): boolean => open && (take?.faults ?? []).some((fault) => fault.kind === kind && Date.now() - fault.at < RECENT_MS)
  const troubles: Trouble[] = []
  if (model.diskFull) troubles.push('disk-full')
  if (open && droppedFrames > 0) troubles.push('no-room')
  if (model.inputLost) troubles.push(take?.origin.kind === 'stream' || take?.origin.kind === 'air' ? 'stream-lost' : 'input-lost')
  if (open && model.linkLost && take?.origin.kind === 'device') troubles.push('link-lost')
  if (stalled) troubles.push('stalled')
  if (silent && !model.inputLost) troubles.push('silence')
  if (open && !model.diskFull && (take?.faults ?? []).some((fault) => fault.kind === 'disk-low')) troubles.push('disk-low')
  if (recent('writer-late')) troubles.push('writer-late')
  if (clips.last !== null && Date.now() - clips.last.at < RECENT_MS) troubles.push('clipping')
  return (
    <div className="recorder-troubles" role="alert" data-testid="troubles">
      {troubles.slice(0, 2).map((kind) => (
        <div key={kind} className="recorder-trouble" data-kind={kind}>
          <IconAlertTriangle size={20} aria-hidden />
          <div>
            <strong>{t(`recorder.troubles.${kind}.happened`)}</strong>{' '}
            {t(open ? `recorder.troubles.${kind}.safe` : 'recorder.troubles.notRecording', { seconds: Math.round(waitingFrames / 48_000), lost: Math.ceil(droppedFrames / 48_000), place: t(`recorder.waitingIn.${waitingIn}`) })}{' '}
            {t(`recorder.troubles.${kind}.todo`)}
            {kind === 'input-lost' && open && <OtherInput />}
            {kind === 'disk-full' && <Button size="compact-sm" ml={6} onClick={() => void lookForRoomNow().catch(showError)} rightSection={<Kbd>F</Kbd>} data-testid="look-for-room">{t('recorder.lookForRoom')}</Button>}
          </div>
        </div>
      ))}
    </div>
  )
}

/** The microphone does not come back: go on with another one, in the same take. */
function OtherInput() {
  const t = useT()
  const { devices, deviceId } = useRecorderStore(useShallow((state) => ({ devices: state.devices, deviceId: state.deviceId })))
  const [chosen, setChosen] = useState<string | null>(null)
  const others = devices.filter((device) => device.deviceId !== deviceId)
  if (others.length === 0) return null
  return (
    <Group gap={6} mt={4}>
      <Select aria-label={t('recorder.otherInput')} placeholder={t('recorder.otherInput')} data={others.map((device, index) => ({ value: device.deviceId, label: device.label || t('recorder.unnamedDevice', { number: index + 1 }) }))} value={chosen} onChange={setChosen} w={280} data-testid="other-input" />
      <Button disabled={chosen === null} onClick={() => chosen !== null && void goOnWith(chosen).catch(showError)} data-testid="go-on">{t('recorder.goOn')}</Button>
    </Group>
  )
}
