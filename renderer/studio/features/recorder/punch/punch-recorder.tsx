import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconPlayerRecordFilled, IconPlayerStopFilled } from '@tabler/icons-react'
import { isOpen } from '#common/take/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { useT } from '../../../i18n/index.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { Kbd } from '../../../ui/index.ts'
import { showError } from '../../../app/errors/index.ts'
import { holdInput, releaseInput } from '../input-owner.ts'
import { FaultBanner } from '../fault-banner.tsx'
import { InputMeter } from '../input-meter.tsx'
import { NoInput } from '../no-input.tsx'
import { changeSettings, useRecorderSettings } from '../recorder-settings.ts'
import { useRecorderStore } from '../recorder-store.ts'
import { startPunch, type PunchPhase, type PunchRun } from './punch-run.ts'
import '../recorder.css'

export interface PunchRecorderProps {
  readonly project: { readonly id: string; readonly title: string; readonly edl: Edl }
  readonly laneId: string
  /** Punch point, samples of the project. */
  readonly at: number
  /** Puts the finished take in: the editor's command `punch { laneId, at, itemId, crossfade }`. The old take stays as an alternative. */
  readonly punch: (itemId: string) => Promise<unknown>
  readonly onClose: () => void
}
type Phase = 'ready' | PunchPhase
const PRE_ROLLS = ['1', '2', '3', '4', '5']

/** Punch and roll: the project plays into the place, the old take falls silent, the new one is recorded. One key begins, stops, and does it again. */
export function PunchRecorder(props: PunchRecorderProps) {
  const t = useT()
  const { project, laneId, at, onClose } = props
  const input = useRecorderStore((state) => state.input)
  const otherTake = useRecorderStore((state) => isOpen(state.model) && state.take?.punch === null)
  const { preRollSeconds } = useRecorderSettings()
  const [phase, setPhase] = useState<Phase>('ready')
  const [done, setDone] = useState(0)
  const [toGo, setToGo] = useState(0)
  const run = useRef<PunchRun | null>(null)
  const put = useRef(props.punch)
  put.current = props.punch
  useEffect(() => {
    void holdInput('punch')
    return () => {
      // A dialog that goes away while it records keeps the take, and puts nothing in.
      void run.current?.stop().catch(() => undefined)
      releaseInput('punch')
    }
  }, [])

  const fail = (error: unknown): void => {
    run.current = null
    setPhase('ready')
    showError(error)
  }
  const begin = (): void => {
    if (input !== 'open' || run.current !== null || otherTake) return
    run.current = startPunch({ projectId: project.id, title: project.title, edl: project.edl, laneId, at, preRollSeconds }, { phase: setPhase, toGo: (seconds) => setToGo(Math.ceil(seconds)), failed: fail })
  }
  const end = async (keep: boolean): Promise<void> => {
    const running = run.current
    if (running === null) return
    run.current = null
    const itemId = await running.stop()
    if (itemId === null || !keep) return setPhase('ready')
    await put.current(itemId)
    setDone((count) => count + 1)
    setPhase('ended')
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return
    const isButton = event.target instanceof HTMLElement && event.target.closest('button, input') !== null
    if (event.code === 'KeyR') {
      if (run.current === null) begin()
      else void end(true).catch(fail)
    } else if (event.code === 'Space' && !isButton && run.current !== null) void end(true).catch(fail)
    else if (event.code === 'Escape') {
      if (run.current === null) onClose()
      else void end(false).catch(fail)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  const recording = phase === 'recording'
  return (
    <Modal opened onClose={onClose} closeOnEscape={false} closeOnClickOutside={false} size={680} title={t('recorder.punch.title', { time: preciseText(at) })} closeButtonProps={{ 'aria-label': t('app.close') }} onKeyDown={onKeyDown}>
      {/* The focus is here from the beginning: the button is not to be had before the microphone is open, but Escape is. */}
      <Stack gap="sm" tabIndex={-1} style={{ outline: 'none' }} data-autofocus data-testid="punch" data-phase={phase} data-done={done}>
        <div className={`recorder-desk ${recording ? 'recording' : ''}`}>
          <strong className={`recorder-word ${recording ? 'recording' : phase === 'preRoll' ? 'ready' : phase === 'ended' ? 'saved' : ''}`} role="status" data-testid="punch-state">
            {t(`recorder.punch.phases.${phase}`, { seconds: Math.max(0, toGo) })}
          </strong>
          <FaultBanner />
          {input === 'failed' ? <NoInput /> : <InputMeter width={600} />}
        </div>
        <Group gap={8}>
          {run.current === null || phase === 'ready' || phase === 'ended'
            ? <Button size="md" color="#b3151b" disabled={input !== 'open' || otherTake} leftSection={<IconPlayerRecordFilled size={18} aria-hidden />} rightSection={<Kbd>R</Kbd>} onClick={begin} data-testid="punch-start">{t(done > 0 ? 'recorder.punch.again' : 'recorder.punch.start')}</Button>
            : <Button size="md" variant="default" disabled={phase === 'saving'} leftSection={<IconPlayerStopFilled size={18} aria-hidden />} rightSection={<Kbd>R</Kbd>} onClick={() => void end(true).catch(fail)} data-testid="punch-stop">{t('recorder.punch.stop')}</Button>}
          <span id="punch-pre-roll">{t('recorder.punch.preRoll')}</span>
          <SegmentedControl size="xs" aria-labelledby="punch-pre-roll" disabled={phase === 'preRoll' || recording} value={String(preRollSeconds)} onChange={(value) => changeSettings({ preRollSeconds: Number(value) })} data={PRE_ROLLS} data-testid="punch-pre-roll" />
        </Group>
        <Text size="sm" className="dim">{t(otherTake ? 'recorder.punch.otherTake' : done > 0 ? 'recorder.punch.doneNote' : 'recorder.punch.note', { count: done })}</Text>
      </Stack>
    </Modal>
  )
}
