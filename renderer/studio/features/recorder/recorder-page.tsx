import { useEffect, type ReactNode } from 'react'
import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { IconFlag, IconPlayerPauseFilled, IconPlayerPlayFilled, IconPlayerRecordFilled, IconPlayerStopFilled, IconScissors, IconTargetArrow } from '@tabler/icons-react'
import { useShallow } from 'zustand/react/shallow'
import { isOpen } from '#common/take/index.ts'
import { useT } from '../../i18n/index.ts'
import { Kbd, PageHeader, Panel } from '../../ui/index.ts'
import { registerActions, runAction } from '../../app/actions/index.ts'
import { recorderActions } from './actions.ts'
import { FaultBanner } from './fault-banner.tsx'
import { FaultList } from './fault-list.tsx'
import { InputMeter } from './input-meter.tsx'
import { holdInput, releaseInput } from './input-owner.ts'
import { LeftSoundNote } from './left-sound-note.tsx'
import { MarksPanel } from './marks-panel.tsx'
import { NoInput } from './no-input.tsx'
import { OptionsRow } from './options-row.tsx'
import { RecordState } from './record-state.tsx'
import { changeSettings, useRecorderSettings } from './recorder-settings.ts'
import { useRecorderStore } from './recorder-store.ts'
import { ScriptPanel } from './script-panel.tsx'
import { SourcePicker } from './source-picker.tsx'
import { TakesList } from './takes-list.tsx'
import './recorder.css'

/** The desk of the recorder. The take itself lives in `take-owner`: leaving this page leaves it running. */
export function RecorderPage() {
  const t = useT()
  const phase = useRecorderStore((state) => state.model.phase)
  const input = useRecorderStore((state) => state.input)
  const open = useRecorderStore((state) => isOpen(state.model))
  const { source, side } = useRecorderSettings()
  useEffect(() => registerActions(recorderActions), [])
  useEffect(() => {
    if (source !== 'device') return
    void holdInput('page')
    return () => releaseInput('page')
  }, [source])
  return (
    <div className="page recorder-page">
      <PageHeader title={t('recorder.title')} aside={<SourcePicker disabled={open} />} />
      <div className={`recorder-body ${side}`}>
        <div className="recorder-left">
          <section className={`recorder-desk ${phase}`} aria-label={t('recorder.desk')} data-testid="recorder-desk" data-phase={phase}>
            <RecordState />
            <FaultBanner />
            <LeftSoundNote />
            {source === 'device' && input === 'failed' && !open ? <NoInput /> : <InputMeter />}
            <Transport />
            <TitleField />
            <OptionsRow disabled={open} />
          </section>
          <div className="recorder-lists">
            <MarksPanel />
            <FaultList />
          </div>
        </div>
        <Panel className="recorder-side" flush data-testid={side} title={<SideChoice />}>{side === 'script' ? <ScriptPanel /> : <TakesList />}</Panel>
      </div>
    </div>
  )
}

function SideChoice() {
  const t = useT()
  const side = useRecorderSettings((settings) => settings.side)
  return (
    <SegmentedControl size="xs" aria-label={t('recorder.side.label')} value={side} onChange={(value) => changeSettings({ side: value === 'script' ? 'script' : 'takes' })} data-testid="side"
      data={[{ value: 'takes', label: t('recorder.takes.title') }, { value: 'script', label: <>{t('recorder.script.title')} <Kbd>T</Kbd></> }]} />
  )
}

function run(id: string): void {
  const action = recorderActions.find((one) => one.id === id)
  if (action !== undefined) void runAction(action)
}

function Deed(props: { id: string; keyName: string; testId: string; disabled: boolean; icon: ReactNode; children: ReactNode }) {
  return <Button size="md" variant="default" px={12} disabled={props.disabled} onClick={() => run(props.id)} data-testid={props.testId} leftSection={props.icon} rightSection={<Kbd>{props.keyName}</Kbd>}>{props.children}</Button>
}

function Transport() {
  const t = useT()
  const { phase, isArmed, count } = useRecorderStore(useShallow(({ model, isArmed, count }) => ({ phase: model.phase, isArmed, count })))
  const source = useRecorderSettings((settings) => settings.source)
  const ready = useRecorderStore((state) => source !== 'device' || state.input === 'open' || isOpen(state.model))
  const recording = phase === 'recording' || phase === 'paused'
  const counting = count !== null
  return (
    <div className="recorder-transport">
      <Button size="md" color="#b3151b" variant={recording ? 'default' : 'filled'} disabled={!ready || phase === 'closing' || phase === 'armed'} onClick={() => run('recorder.record')} data-testid="record"
        leftSection={recording || counting ? <IconPlayerStopFilled size={20} aria-hidden /> : <IconPlayerRecordFilled size={20} aria-hidden />} rightSection={<Kbd>{counting ? 'Esc' : 'R'}</Kbd>}>
        {t(counting ? 'recorder.stopCount' : recording ? 'recorder.stop' : 'recorder.record')}
      </Button>
      {!recording && <Deed id="recorder.arm" keyName="A" testId="arm" disabled={!ready || phase === 'closing' || counting} icon={<IconTargetArrow size={18} aria-hidden />}>{t(isArmed ? 'recorder.disarm' : 'recorder.arm')}</Deed>}
      <Deed id="recorder.pause" keyName="P" testId="pause" disabled={!recording} icon={phase === 'paused' ? <IconPlayerPlayFilled size={18} aria-hidden /> : <IconPlayerPauseFilled size={18} aria-hidden />}>{t(phase === 'paused' ? 'recorder.resume' : 'recorder.pause')}</Deed>
      <Deed id="recorder.mark" keyName="M" testId="mark" disabled={!recording} icon={<IconFlag size={18} aria-hidden />}>{t('recorder.mark')}</Deed>
      {recording && <Deed id="recorder.split" keyName="N" testId="split" disabled={false} icon={<IconScissors size={18} aria-hidden />}>{t('recorder.split')}</Deed>}
    </div>
  )
}

function TitleField() {
  const t = useT()
  const title = useRecorderStore((state) => state.title)
  return <TextInput size="xs" aria-label={t('recorder.titleField')} placeholder={t('recorder.titleHint')} maxLength={200} value={title} onChange={(event) => useRecorderStore.setState({ title: event.currentTarget.value })} data-testid="take-title" />
}
