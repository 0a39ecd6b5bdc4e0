import { Button } from '@mantine/core'
import { IconMicrophoneOff } from '@tabler/icons-react'
import { useShallow } from 'zustand/react/shallow'
import { useT } from '../../i18n/index.ts'
import { chooseInput } from './input-owner.ts'
import { useRecorderStore } from './recorder-store.ts'

/** No sound can be taken: why, and what to do. */
export function NoInput() {
  const t = useT()
  const { noInput, deviceId, channels } = useRecorderStore(useShallow((state) => ({ noInput: state.noInput, deviceId: state.deviceId, channels: state.channels })))
  const why = noInput ?? 'unknown'
  return (
    <div className="recorder-no-input" role="alert" data-testid="no-input" data-why={why}>
      <IconMicrophoneOff size={28} aria-hidden />
      <div>
        <strong>{t(`recorder.noInput.${why}.happened`)}</strong>
        <p>{t(`recorder.noInput.${why}.todo`)}</p>
      </div>
      <Button variant="default" onClick={() => void chooseInput(why === 'channels' ? deviceId : null, why === 'channels' ? 1 : channels)} data-testid="retry-input">{t('recorder.noInput.retry')}</Button>
    </div>
  )
}
