import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { ActionIcon, Button, Text, useComputedColorScheme } from '@mantine/core'
import { IconMessagePlus, IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react'
import type { Item } from '#contract/library.ts'
import type { ProcedureOutput } from '#contract/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { useT } from '../../../i18n/index.ts'
import { lengthText, preciseText } from '../../../i18n/formats.ts'
import { Kbd, StateBadge } from '../../../ui/index.ts'
import { fileUrl, useMay } from '../../../app/station-client/index.ts'
import { openReviewWave, type ReviewWave } from './review-wave.ts'
import { reviewHandles, showReview, useReview } from './review-store.ts'

const HEIGHT_PX = 120
const STEP = 5 * RATE_HZ
type Facts = ProcedureOutput<'programme.review'>

/** The sound with its text and its pictures; the words that sound now are marked. */
export function ReviewDesk(props: { item: Item; facts: Facts }) {
  const t = useT()
  const { item, facts } = props
  const mayWrite = useMay('recorder')
  const box = useRef<HTMLDivElement>(null)
  const wave = useRef<ReviewWave | null>(null)
  const [phase, setPhase] = useState<'loading' | 'ready' | 'missing'>('loading')
  const playing = useReview((state) => state.playing)
  useEffect(() => {
    const abort = new AbortController()
    const element = box.current
    if (element === null) return
    showReview({ at: 0, playing: false, commentId: null })
    openReviewWave({
      element, itemId: item.id, lengthSamples: item.lengthSamples, gainDb: item.playGainDb, height: HEIGHT_PX, signal: abort.signal,
      onPlaying: (now) => showReview({ playing: now }), onTime: (at) => showReview({ at }), onError: () => setPhase('missing'), onComment: (commentId) => showReview({ commentId }),
    }).then((opened) => {
      wave.current = opened
      if (opened === null) return
      reviewHandles.toggle = opened.toggle
      reviewHandles.seek = (sample) => {
        opened.seek(sample)
        showReview({ at: sample })
      }
      setPhase('ready')
    }, (error: unknown) => {
      if (abort.signal.aborted) return
      console.error(error)
      setPhase('missing')
    })
    return () => {
      abort.abort()
      reviewHandles.toggle = null
      reviewHandles.seek = null
      wave.current?.destroy()
      wave.current = null
    }
  }, [item.id, item.lengthSamples, item.playGainDb])
  const scheme = useComputedColorScheme('light')
  useEffect(() => wave.current?.recolour(), [scheme])
  useEffect(() => {
    if (phase === 'ready') wave.current?.mark(facts.comments, facts.chapters)
  }, [phase, facts.comments, facts.chapters])
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = wave.current?.position() ?? 0
    const step = event.shiftKey ? RATE_HZ / 10 : STEP
    const targets: Readonly<Record<string, number>> = { ArrowRight: at + step, ArrowUp: at + step, ArrowLeft: at - step, ArrowDown: at - step, Home: 0, End: item.lengthSamples }
    const target = targets[event.code]
    if (target === undefined || event.ctrlKey || event.altKey) return
    event.preventDefault()
    reviewHandles.seek?.(Math.max(0, Math.min(item.lengthSamples, target)))
  }
  return (
    <div className="review-main">
      <div className="review-tools"><strong data-testid="review-title">{item.number} · {item.title}</strong><StateBadge tone={item.state === 'approved' ? 'ok' : item.state === 'returned' ? 'warn' : 'wait'} data-testid="review-state">{t(`library.states.${item.state}`)}</StateBadge></div>
      {item.returnedNote !== null && <Text size="sm">{t('library.detail.returned', { note: item.returnedNote })}</Text>}
      <Wave box={box} length={item.lengthSamples} onKeyDown={onKeyDown} phase={phase} />
      {phase !== 'ready' && <Text size="xs" className="dim" role="status">{t(phase === 'loading' ? 'library.preview.loading' : 'library.preview.missing')}</Text>}
      <div className="review-tools">
        <ActionIcon size="lg" variant="filled" disabled={phase !== 'ready'} aria-label={t(playing ? 'library.preview.pause' : 'library.preview.play')} onClick={() => reviewHandles.toggle?.()} data-testid="review-play">{playing ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}</ActionIcon>
        <Clock length={item.lengthSamples} />
        {mayWrite && <Button variant="default" leftSection={<IconMessagePlus size={16} aria-hidden />} rightSection={<Kbd>C</Kbd>} onClick={() => reviewHandles.write?.()} data-testid="review-write">{t('programme.review.actions.comment')}</Button>}
      </div>
      <Words facts={facts} />
    </div>
  )
}

function Wave(props: { box: RefObject<HTMLDivElement | null>; length: number; phase: string; onKeyDown: (event: KeyboardEvent) => void }) {
  const t = useT()
  const second = useReview((state) => Math.floor(state.at / RATE_HZ))
  return (
    <div ref={props.box} className="review-wave" style={{ minHeight: HEIGHT_PX }} role="slider" tabIndex={0} aria-label={t('library.preview.position')} aria-valuemin={0} aria-valuemax={Math.floor(props.length / RATE_HZ)} aria-valuenow={second} aria-valuetext={lengthText(second * RATE_HZ)}
      onKeyDown={props.onKeyDown} data-testid="review-wave" data-phase={props.phase} />
  )
}

function Clock(props: { length: number }) {
  const at = useReview((state) => state.at)
  return <span className="review-clock" data-testid="review-clock" data-at={at}>{preciseText(at)} <span className="dim">/ {lengthText(props.length)}</span></span>
}

function Words(props: { facts: Facts }) {
  const t = useT()
  const { chapters, slides } = props.facts
  // Only which chapter and slide it is, so that the words do not render with every tick.
  const chapter = useReview((state) => chapters.filter(({ at }) => at <= state.at).length - 1)
  const slide = useReview((state) => slides.filter(({ at }) => at <= state.at).length - 1)
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('[data-current="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [chapter])
  const shown = slides[slide]?.image ?? null
  if (chapters.length === 0) return <p className="dim">{t('programme.review.noText')}</p>
  return (
    <div className={`review-text ${slides.length === 0 ? 'plain' : ''}`}>
      <section ref={list} className="review-scripts" aria-label={t('programme.review.scripts')}>
        {chapters.map((one, index) => (
          <article key={`${one.at}-${one.title}`} className="review-chapter" data-current={index === chapter} data-testid="review-chapter">
            <button type="button" className="link-button" onClick={() => reviewHandles.seek?.(one.at)}>{preciseText(one.at)} · {one.title}</button>
            <p>{one.script === '' ? t('programme.review.noScript') : one.script}</p>
          </article>
        ))}
      </section>
      {slides.length > 0 && (
        <div className="review-slide" data-testid="review-slide" data-image={shown ?? ''}>
          {shown === null ? <span className="story-picture-none dim" style={{ width: '100%', height: 'auto', aspectRatio: '16 / 9' }}>{t('programme.review.noPicture')}</span> : <img src={fileUrl('image', shown)} alt={t('programme.picture.of', { title: slides[slide]?.title ?? '' })} />}
          <p className="dim">{t('programme.review.picture')}</p>
        </div>
      )}
    </div>
  )
}
