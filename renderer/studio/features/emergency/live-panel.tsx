import { useEffect, useRef, useState } from 'react'
import { Alert, Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import type { Device, Targets, Unit } from '#contract/devices.ts'
import { useT } from '../../i18n/index.ts'
import { Kbd, LevelMeter, Panel, StateBadge, type Levels } from '../../ui/index.ts'
import { errorText, showError } from '../../app/errors/index.ts'
import { useMay } from '../../app/station-client/index.ts'
import { listInputs, type InputDevice } from '../../audio/capture/index.ts'
import { countTargets, unitTree } from '../fleet/index.ts'
import { HeardList } from './heard-list.tsx'
import { chooseInput, endLive, prepareLive, startSpeaking, useLiveDesk } from './live-desk.ts'

const SILENT: Levels = { peakDbfs: [-120], rmsDbfs: [-120], holdDbfs: [-120] }

/** Choose → get ready (amplifiers on, n of m) → hold to speak. */
export function LivePanel(props: { targets: Targets; units: readonly Unit[]; devices: readonly Device[] }) {
  const t = useT()
  const { step, session, capture, inputLost, deviceId } = useLiveDesk()
  const announcer = useMay('announcer')
  const [title, setTitle] = useState(() => t('emergency.live.defaultTitle'))
  const [urgent, setUrgent] = useState(false)
  const inputs = useInputs(step)
  const count = countTargets(unitTree(props.units, props.devices), props.targets, 'radio')
  useHoldToSpeak(step)
  const prepare = (): void => void prepareLive({ title, targets: props.targets, urgent }).catch(showError)
  const lost = errorText('input-lost')
  return (
    <Panel title={t('emergency.live.title')} data-testid="live-panel">
      <Stack gap="sm">
        <TextInput label={t('emergency.live.name')} value={title} onChange={(event) => setTitle(event.currentTarget.value)} disabled={step !== 'idle'} />
        <Select label={t('emergency.live.input')} data={inputs.map((input) => ({ value: input.deviceId, label: input.label || t('emergency.live.unnamedInput') }))} value={deviceId} onChange={chooseInput} placeholder={t('emergency.live.defaultInput')} clearable clearButtonProps={{ 'aria-label': t('emergency.live.defaultInput') }} disabled={step !== 'idle'} />
        <Checkbox label={t('emergency.live.urgent')} checked={urgent} onChange={(event) => setUrgent(event.currentTarget.checked)} disabled={step !== 'idle'} />
        <LevelMeter width={320} height={30} scale label={t('emergency.live.level')} read={() => {
          if (capture === null) return SILENT
          const levels = capture.level()
          return { peakDbfs: levels.map((level) => level.peakDbfs), rmsDbfs: levels.map((level) => level.rmsDbfs), holdDbfs: [] }
        }} />
        {inputLost && <Alert color="red" title={lost.happened}>{lost.todo}</Alert>}
        {step === 'idle' && <Button size="md" disabled={!announcer || count.devices === 0 || title.trim() === ''} onClick={prepare} data-testid="live-prepare">{t('emergency.live.prepare', { devices: count.devices })}</Button>}
        {step === 'opening' && <Button size="md" loading>{t('emergency.live.opening')}</Button>}
        {session !== null && step !== 'idle' && step !== 'opening' && (
          <>
            <Group justify="space-between">
              <StateBadge tone={session.ready >= session.online && session.online > 0 ? 'ok' : 'wait'} data-testid="live-ready">{t('emergency.live.ready', { ready: session.ready, online: session.online })}</StateBadge>
              {step === 'speaking' && <StateBadge tone="air" data-testid="live-sounding">{t('emergency.live.sounding', { sounding: session.sounding, online: session.online })}</StateBadge>}
            </Group>
            <button type="button" className={`talk-button ${step === 'speaking' ? 'speaking' : ''}`} disabled={step === 'stopping'} aria-pressed={step === 'speaking'}
              onClick={() => void (step === 'ready' ? startSpeaking() : endLive()).catch(showError)} data-testid="live-talk">
              {t(step === 'speaking' ? 'emergency.live.stop' : step === 'stopping' ? 'emergency.live.stopping' : 'emergency.live.talk')}
            </button>
            {step === 'ready' && <Group justify="space-between"><Text size="sm" className="dim"><Kbd>{t('emergency.live.space')}</Kbd> {t('emergency.live.hold')}</Text><Button variant="default" onClick={() => void endLive()} data-testid="live-cancel">{t('app.cancel')}</Button></Group>}
          </>
        )}
        {session !== null && <HeardList progress={session.devices} devices={props.devices} />}
      </Stack>
    </Panel>
  )
}

function useInputs(step: string): readonly InputDevice[] {
  const [inputs, setInputs] = useState<readonly InputDevice[]>([])
  useEffect(() => {
    const read = (): void => void listInputs().then(setInputs, () => setInputs([]))
    read()
    navigator.mediaDevices.addEventListener('devicechange', read)
    return () => navigator.mediaDevices.removeEventListener('devicechange', read)
  }, [step])
  return inputs
}

/** Space held = speaking, released = ended. A tap shorter than 250 ms would be a slip: it ends as well, nothing stays open by accident. */
function useHoldToSpeak(step: string): void {
  const held = useRef(false)
  useEffect(() => {
    const free = (event: KeyboardEvent): boolean => event.code === 'Space' && !(event.target instanceof HTMLElement && event.target.closest('input, textarea, button, [role="dialog"]') !== null)
    const down = (event: KeyboardEvent): void => {
      if (!free(event) || event.repeat || step !== 'ready') return
      event.preventDefault()
      held.current = true
      void startSpeaking().catch(showError)
    }
    const up = (event: KeyboardEvent): void => {
      if (event.code !== 'Space' || !held.current) return
      held.current = false
      void endLive()
    }
    window.addEventListener('keydown', down)
    window.addEventListener('keyup', up)
    return () => {
      window.removeEventListener('keydown', down)
      window.removeEventListener('keyup', up)
    }
  }, [step])
}
