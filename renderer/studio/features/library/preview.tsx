import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { ActionIcon, Group, Text, useComputedColorScheme } from '@mantine/core'
import { IconPlayerPauseFilled, IconPlayerPlayFilled, IconZoomIn, IconZoomOut } from '@tabler/icons-react'
import WaveSurfer from 'wavesurfer.js'
import type { Item } from '#contract/library.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { useT } from '../../i18n/index.ts'
import { secondsText } from '../../i18n/formats.ts'
import { fileUrl } from '../../app/station-client/index.ts'
import { pageHandles } from './library-store.ts'
import { loadPreviewPeaks } from './load-peaks.ts'
import { nextZoom } from './preview-zoom.ts'

const HEIGHT_PX = 84
const STEP_SECONDS = 5

/** `light-dark()` is resolved by the style engine only: ask it through a property that takes a colour. */
function resolved(element: HTMLElement, name: string): string {
  element.style.color = `var(${name})`
  const value = getComputedStyle(element).color
  element.style.color = ''
  return value
}

const waveColours = (element: HTMLElement) => ({ waveColor: resolved(element, '--desk-wave'), progressColor: resolved(element, '--desk-wave-body'), cursorColor: resolved(element, '--desk-air') })

/** One item: its wave from the peaks file, its sound by Range from the 48 kHz PCM. Nothing is decoded here, nothing outlives the item. */
export function Preview(props: { item: Item }) {
  const t = useT()
  const { id, lengthSamples } = props.item
  const seconds = lengthSamples / RATE_HZ
  const box = useRef<HTMLDivElement>(null)
  const clock = useRef<HTMLSpanElement>(null)
  const wave = useRef<{ surfer: WaveSurfer; points: number } | null>(null)
  const zoom = useRef(0)
  const [phase, setPhase] = useState<'loading' | 'ready' | 'missing'>('loading')
  const [playing, setPlaying] = useState(false)

  useEffect(() => {
    const abort = new AbortController()
    const element = box.current
    setPhase('loading')
    setPlaying(false)
    zoom.current = 0
    const tell = (at: number): void => {
      const text = `${secondsText(at)} / ${secondsText(seconds)}`
      if (clock.current !== null && clock.current.textContent !== text) {
        clock.current.textContent = text
        element?.setAttribute('aria-valuenow', String(Math.floor(at)))
        element?.setAttribute('aria-valuetext', secondsText(at))
      }
    }
    tell(0)
    const open = async (): Promise<void> => {
      const peaks = await loadPreviewPeaks(id, abort.signal)
      if (abort.signal.aborted || element === null) return
      const surfer = WaveSurfer.create({
        container: element, height: HEIGHT_PX, url: fileUrl('pcm', id), peaks: peaks.outlines, duration: seconds, minPxPerSec: 0, dragToSeek: true, autoScroll: true,
        cursorWidth: 2, ...waveColours(element),
      })
      wave.current = { surfer, points: peaks.points }
      surfer.on('play', () => setPlaying(true))
      surfer.on('pause', () => setPlaying(false))
      surfer.on('finish', () => setPlaying(false))
      surfer.on('timeupdate', tell)
      surfer.on('error', () => setPhase('missing'))
      pageHandles.togglePlay = () => void surfer.playPause()
      setPhase('ready')
    }
    open().catch((error: unknown) => {
      if (abort.signal.aborted) return
      console.error(error)
      setPhase('missing')
    })
    return () => {
      abort.abort()
      pageHandles.togglePlay = null
      wave.current?.surfer.destroy()
      wave.current = null
    }
  }, [id, seconds])

  const scheme = useComputedColorScheme('light')
  useEffect(() => {
    if (box.current !== null) wave.current?.surfer.setOptions(waveColours(box.current))
  }, [scheme])

  const changeZoom = (direction: 'in' | 'out'): void => {
    const now = wave.current
    if (now === null) return
    zoom.current = nextZoom(zoom.current, direction, seconds, now.points, box.current?.clientWidth ?? 300)
    now.surfer.zoom(zoom.current)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const surfer = wave.current?.surfer
    if (surfer === undefined) return
    const at = surfer.getCurrentTime()
    const targets: Readonly<Record<string, number>> = { ArrowRight: at + STEP_SECONDS, ArrowUp: at + STEP_SECONDS, ArrowLeft: at - STEP_SECONDS, ArrowDown: at - STEP_SECONDS, Home: 0, End: seconds }
    const target = targets[event.code]
    if (target === undefined) return
    event.preventDefault()
    surfer.setTime(Math.max(0, Math.min(seconds, target)))
  }
  return (
    <div role="group" aria-label={t('library.preview.region')} data-testid="preview" data-phase={phase} data-playing={playing}>
      <div ref={box} className="library-wave" style={{ minHeight: HEIGHT_PX }} role="slider" tabIndex={0} aria-label={t('library.preview.position')} aria-valuemin={0} aria-valuemax={Math.floor(seconds)} aria-valuenow={0} onKeyDown={onKeyDown} />
      {phase !== 'ready' && <Text size="xs" className="dim" role="status">{t(phase === 'loading' ? 'library.preview.loading' : 'library.preview.missing')}</Text>}
      <Group gap={6} mt={4} wrap="nowrap">
        <ActionIcon size="lg" variant="filled" disabled={phase !== 'ready'} aria-label={t(playing ? 'library.preview.pause' : 'library.preview.play')} onClick={() => pageHandles.togglePlay?.()} data-testid="preview-play">
          {playing ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}
        </ActionIcon>
        <span ref={clock} data-testid="preview-clock" />
        <Group gap={4} ml="auto" wrap="nowrap">
          <ActionIcon variant="default" disabled={phase !== 'ready'} aria-label={t('library.preview.zoomOut')} onClick={() => changeZoom('out')}><IconZoomOut size={16} /></ActionIcon>
          <ActionIcon variant="default" disabled={phase !== 'ready'} aria-label={t('library.preview.zoomIn')} onClick={() => changeZoom('in')}><IconZoomIn size={16} /></ActionIcon>
        </Group>
      </Group>
    </div>
  )
}
