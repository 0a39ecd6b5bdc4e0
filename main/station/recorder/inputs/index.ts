import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '#contract/errors.ts'
import type { ParsedInput } from '#contract/index.ts'
import type { StationInput } from '#contract/recorder.ts'
import type { Caller, Scope, StationContext } from '../../context.ts'
import type { AirRoom, MediaRoom } from '../../faces.ts'
import { listenToStream } from '../../media/index.ts'
import type { Listener, Source } from '../../media/index.ts'
import type { Running, Runs } from '../runs.ts'
import { listenToAir } from './air.ts'
import { InputFeed } from './input-feed.ts'
import { lookAtStream } from './stream-address.ts'

const TRY_MS = 1_000
const AIR_LABEL = 'Sóng đang phát'

export interface StationInputs {
  /** @throws AppError stream-unreachable, no-input */
  start(input: ParsedInput<'recorder.startInput'>, caller: Caller): Promise<Running>
  listenFor(input: StationInput): Promise<{ label: string; peakDbfs: number[] }>
}

interface Found {
  readonly label: string
  readonly origin: { kind: 'air' } | { kind: 'stream'; url: string }
  open(listener: Listener): Source
}

/** Inputs the station listens to by itself: the air and streams. */
export function stationInputs(ctx: StationContext, options: { runs: Runs; scope: Scope; air: Pick<AirRoom, 'tapPath'> | undefined; media: Pick<MediaRoom, 'liveDecoder'> | undefined; firstSoundWithinMs: number }): StationInputs {
  const { runs, air, media } = options

  async function find(input: StationInput): Promise<Found> {
    if (input.kind === 'air') {
      if (air === undefined) throw new AppError('no-input')
      const { tapPath } = air
      return { label: AIR_LABEL, origin: { kind: 'air' }, open: (listener) => listenToAir(tapPath, listener) }
    }
    if (media === undefined) throw new AppError('no-input')
    const { label, shownUrl, finite } = await lookAtStream(input.url)
    return {
      label, origin: { kind: 'stream', url: shownUrl },
      open: (listener) => listenToStream({ url: input.url, finite, decoder: (more) => media.liveDecoder(more), clock: ctx.clock }, listener),
    }
  }

  /** Waits for the first sound. */
  async function open(found: Found, feed: InputFeed): Promise<Source> {
    const source = found.open(feed)
    const giveUp = new AbortController()
    try {
      await Promise.race([feed.heard, wait(options.firstSoundWithinMs, undefined, { signal: giveUp.signal }).then(() => { throw new Error('no sound came') })])
      return source
    } catch (error) {
      source.close()
      throw new AppError(found.origin.kind === 'air' ? 'no-input' : 'stream-unreachable', { cause: error })
    } finally {
      giveUp.abort()
    }
  }

  return {
    async start(input, caller) {
      const found = await find(input.input)
      let one: Running | null = null
      /** A short file may be over before its take is open. */
      let over: { whole: boolean } | null = null
      const feed = new InputFeed(input.channels, (whole) => {
        over = { whole }
        if (one !== null) void end(one, whole)
      })
      const source = await open(found, feed)
      try {
        one = await runs.begin({ title: input.title, channels: input.channels, inputLabel: found.label, inputRateHz: 48_000, settings: {}, origin: found.origin, split: input.split }, caller, 'station')
      } catch (error) {
        source.close()
        throw error
      }
      one.beforeClose = () => {
        source.close()
        feed.flush()
      }
      one.scope.add(() => source.close())
      feed.bind(one.run)
      const ended = over as { whole: boolean } | null
      if (ended !== null) void end(one, ended.whole)
      return one
    },

    async listenFor(input) {
      const found = await find(input)
      const feed = new InputFeed(2, () => undefined)
      const source = await open(found, feed)
      try {
        await wait(TRY_MS)
        return { label: found.label, peakDbfs: feed.earlyPeaks() }
      } finally {
        source.close()
      }
    },
  }

  async function end(one: Running, whole: boolean): Promise<void> {
    if (one.closing !== null) return
    if (!whole) ctx.notices.raise('warning', 'input-lost', one.run.part.take.id)
    await runs.close(one, whole ? 'saved' : 'recovered', whole ? 'finished' : 'input-lost')
  }
}
