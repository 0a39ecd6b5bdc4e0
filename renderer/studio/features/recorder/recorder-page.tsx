import { useEffect } from 'react'
import { Button, TextInput } from '@mantine/core'
import { IconFlag, IconPlayerPauseFilled, IconPlayerPlayFilled, IconPlayerRecordFilled, IconPlayerStopFilled } from '@tabler/icons-react'
import { isOpen } from '#common/take/index.ts'
import { useT } from '../../i18n/index.ts'
import { Kbd, PageHeader, Panel } from '../../ui/index.ts'
import { registerActions, runAction } from '../../app/actions/index.ts'
import { recorderActions } from './actions.ts'
import { Elapsed } from './elapsed.tsx'
import { FaultList } from './fault-list.tsx'
import { InputMeter } from './input-meter.tsx'
import { InputPicker } from './input-picker.tsx'
import { holdInput, releaseInput } from './input-owner.ts'
import { NoInput } from './no-input.tsx'
import { RecordState } from './record-state.tsx'
import { useRecorderStore } from './recorder-store.ts'
import { TakesList } from './takes-list.tsx'
import './recorder.css'

/** The desk of the recorder. The take itself lives in `take-owner`: leaving this page leaves it running. */
export function RecorderPage() {
  const t = useT()
  const phase = useRecorderStore((state) => state.model.phase)
  const input = useRecorderStore((state) => state.input)
  const open = useRecorderStore((state) => isOpen(state.model))
  useEffect(() => registerActions(recorderActions), [])
  useEffect(() => {
    void holdInput('page')
    return () => releaseInput('page')
  }, [])
  return (
    <div className="page recorder-page">
      <PageHeader title={t('recorder.title')} aside={<InputPicker disabled={open} />} />
      <div className="recorder-body">
        <div className="recorder-left">
          <section className={`recorder-desk ${phase}`} aria-label={t('recorder.desk')} data-testid="recorder-desk" data-phase={phase}>
            <RecordState />
            <Elapsed />
            {input === 'failed' ? <NoInput /> : <InputMeter />}
            <Transport />
            <TitleField />
          </section>
          <FaultList />
        </div>
        <Panel title={t('recorder.takes.title')} flush className="recorder-takes" data-testid="takes"><TakesList /></Panel>
      </div>
    </div>
  )
}

const actionOf = (id: string) => recorderActions.find((action) => action.id === id)
function run(id: string): void {
  const action = actionOf(id)
  if (action !== undefined) void runAction(action)
}

function Transport() {
  const t = useT()
  const phase = useRecorderStore((state) => state.model.phase)
  const ready = useRecorderStore((state) => state.input === 'open' || isOpen(state.model))
  const recording = phase === 'recording' || phase === 'paused'
  return (
    <div className="recorder-transport">
      <Button size="lg" color="#b3151b" variant={recording ? 'default' : 'filled'} disabled={!ready || phase === 'closing' || phase === 'armed'} onClick={() => run('recorder.record')} data-testid="record"
        leftSection={recording ? <IconPlayerStopFilled size={20} aria-hidden /> : <IconPlayerRecordFilled size={20} aria-hidden />} rightSection={<Kbd>R</Kbd>}>
        {t(recording ? 'recorder.stop' : 'recorder.record')}
      </Button>
      <Button size="lg" variant="default" disabled={!recording} onClick={() => run('recorder.pause')} data-testid="pause"
        leftSection={phase === 'paused' ? <IconPlayerPlayFilled size={20} aria-hidden /> : <IconPlayerPauseFilled size={20} aria-hidden />} rightSection={<Kbd>P</Kbd>}>
        {t(phase === 'paused' ? 'recorder.resume' : 'recorder.pause')}
      </Button>
      <Button size="lg" variant="default" disabled={!recording} onClick={() => run('recorder.mark')} data-testid="mark" leftSection={<IconFlag size={20} aria-hidden />} rightSection={<Kbd>M</Kbd>}>{t('recorder.mark')}</Button>
    </div>
  )
}

function TitleField() {
  const t = useT()
  const title = useRecorderStore((state) => state.title)
  return <TextInput label={t('recorder.titleField')} placeholder={t('recorder.titleHint')} maxLength={200} value={title} onChange={(event) => useRecorderStore.setState({ title: event.currentTarget.value })} data-testid="take-title" />
}
