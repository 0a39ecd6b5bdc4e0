import { useEffect, useRef, useState } from 'react'
import { ActionIcon, Button, FileButton, Group, Textarea } from '@mantine/core'
import { IconMinus, IconPlus, IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react'
import { translate, useT } from '../../i18n/index.ts'
import { secondsText } from '../../i18n/formats.ts'
import { Kbd } from '../../ui/index.ts'
import { showDone } from '../../app/errors/index.ts'
import { changePace, changeSize } from './actions.ts'
import { pageDeeds } from './page-deeds.ts'
import { useRecorderSettings } from './recorder-settings.ts'
import { useRecorderStore } from './recorder-store.ts'
import { decodeText, scrollSpeed, wordsOf } from './script-text.ts'
import { MOST_SCRIPT_CHARS, setScript, useScript } from './scripts.ts'

const MOST_BYTES = 1_000_000
/** Text alone that is longer than its place: the keyboard must be able to scroll it. */
const scrollable = { tabIndex: 0 }
/** The line that is being read stands this far down: the eye sees what comes. */
const READING_SHARE = 0.3

async function openText(file: File | null): Promise<void> {
  if (file === null) return
  if (file.size > MOST_BYTES) return showDone(translate('recorder.script.tooLarge'))
  setScript(decodeText(new Uint8Array(await file.arrayBuffer())))
}

/** The script in big type beside the meter. It starts to move with the take and waits with a pause. */
export function ScriptPanel() {
  const t = useT()
  const text = useScript((state) => state.text)
  const { scriptSizePx, scriptPace } = useRecorderSettings()
  const phase = useRecorderStore((state) => state.model.phase)
  const [writing, setWriting] = useState(text === '')
  const [moving, setMoving] = useState(false)
  const page = useRef<HTMLDivElement>(null)
  const words = wordsOf(text)

  useEffect(() => {
    if (phase === 'recording') {
      setWriting(false)
      setMoving(true)
    } else setMoving(false)
  }, [phase])
  useEffect(() => {
    if (!moving || writing) return
    let last = performance.now()
    let place = page.current?.scrollTop ?? 0
    let request = 0
    const roll = (now: number): void => {
      const element = page.current
      if (element === null) return
      // A hand that scrolled is followed.
      if (Math.abs(element.scrollTop - place) > 2) place = element.scrollTop
      const textHeight = element.querySelector('p')?.clientHeight ?? 0
      place = Math.min(element.scrollHeight - element.clientHeight, place + (scrollSpeed(textHeight, words, scriptPace) * Math.min(200, now - last)) / 1_000)
      last = now
      element.scrollTop = place
      request = requestAnimationFrame(roll)
    }
    request = requestAnimationFrame(roll)
    return () => cancelAnimationFrame(request)
  }, [moving, writing, words, scriptPace])
  useEffect(() => {
    if (writing) return
    pageDeeds.script = {
      toggle: () => setMoving((now) => !now),
      top: () => page.current?.scrollTo({ top: 0 }),
      move: (lines) => page.current?.scrollBy({ top: lines * scriptSizePx * 1.5 }),
    }
    return () => {
      pageDeeds.script = null
    }
  }, [writing, scriptSizePx])

  return (
    <div className="recorder-script">
      <Group gap={6} px={8} py={6}>
        <Button size="compact-xs" variant="default" onClick={() => setWriting(!writing)} data-testid="script-edit">{t(writing ? 'recorder.script.read' : 'recorder.script.write')}</Button>
        <FileButton accept=".txt,text/plain" onChange={(file) => void openText(file)} inputProps={{ 'aria-label': t('recorder.script.open') }}>
          {(props) => <Button {...props} size="compact-xs" variant="default" data-testid="script-open">{t('recorder.script.open')}</Button>}
        </FileButton>
        {!writing && (
          <>
            <Button size="compact-xs" variant="default" aria-pressed={moving} leftSection={moving ? <IconPlayerPauseFilled size={12} aria-hidden /> : <IconPlayerPlayFilled size={12} aria-hidden />} onClick={() => setMoving(!moving)} rightSection={<Kbd>S</Kbd>} data-testid="script-run">{t(moving ? 'recorder.script.stop' : 'recorder.script.run')}</Button>
            <Step label={t('recorder.script.pace', { pace: scriptPace })} less={t('recorder.script.slower')} more={t('recorder.script.faster')} keys={['[', ']']} change={(by) => changePace(by * 10)} />
            <Step label={t('recorder.script.size', { size: scriptSizePx })} less={t('recorder.script.smaller')} more={t('recorder.script.bigger')} keys={['−', '+']} change={(by) => changeSize(by * 4)} />
          </>
        )}
      </Group>
      {writing
        ? <Textarea className="recorder-script-write" aria-label={t('recorder.script.title')} placeholder={t('recorder.script.hint')} value={text} maxLength={MOST_SCRIPT_CHARS} onChange={(event) => setScript(event.currentTarget.value)} data-testid="script-text" />
        : (
          <div ref={page} className="recorder-script-page" {...scrollable} role="region" aria-label={t('recorder.script.title')} data-testid="script-page" data-moving={moving}>
            <div className="recorder-script-line" aria-hidden style={{ top: `${READING_SHARE * 100}%` }} />
            <p style={{ fontSize: scriptSizePx }}>{text}</p>
          </div>
        )}
      <div className="recorder-script-foot dim">{t('recorder.script.words', { words, time: secondsText((words / scriptPace) * 60) })}</div>
    </div>
  )
}

function Step(props: { label: string; less: string; more: string; keys: readonly [string, string]; change: (by: 1 | -1) => void }) {
  return (
    <Group gap={3} wrap="nowrap">
      <ActionIcon size="sm" variant="default" aria-label={`${props.less} (${props.keys[0]})`} onClick={() => props.change(-1)}><IconMinus size={12} /></ActionIcon>
      <span className="recorder-script-step">{props.label}</span>
      <ActionIcon size="sm" variant="default" aria-label={`${props.more} (${props.keys[1]})`} onClick={() => props.change(1)}><IconPlus size={12} /></ActionIcon>
    </Group>
  )
}
