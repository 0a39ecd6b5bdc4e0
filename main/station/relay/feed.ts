import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SilenceWatch } from '#common/fallback/index.ts'
import { AddressTurn, pathOfMoment, reconnectAfterMs } from '#common/relay/index.ts'
import type { RelaySource } from '#contract/log-line.ts'
import type { Clock } from '../context.ts'
import type { MediaRoom, RelayFeed, RelayListener, RelayOnAir } from '../faces.ts'
import { listenToStream } from '../media/index.ts'
import type { Source } from '../media/index.ts'
import { EDITIONS_BACK } from './editions.ts'

const LOOK_EVERY_MS = 200
const PER_MS = 48
const DAY_MS = 86_400_000
/** A file plays from its beginning: it is opened when its line is about to begin. */
const FILE_AHEAD_MS = 10_000
/** A server that stands still is left a little after its turn is over: then the next try finds another connection. */
const STALLED_AFTER_MS = 2_000

export interface FeedParts {
  readonly clock: Clock
  readonly decoder: MediaRoom['liveDecoder']
  readonly offsetMin: (atMs: number) => number
  /** Where paths that are not absolute begin. */
  readonly root: string
}
interface Place {
  readonly url: string
  readonly finite: boolean
  readonly isEarlierEdition: boolean
}

/** Listens to one relay line: the address whose turn it is, for as long as it is wanted. Never gives up by itself. */
export function openFeed(relay: RelayOnAir, startAt: number, parts: FeedParts, listener: RelayListener): RelayFeed {
  const { clock } = parts
  const turn = new AddressTurn(relay.addresses.length, relay.holdOffMs, clock.monotonicMs())
  let source: Source | null = null
  let isHeard = false
  let waiting: NodeJS.Timeout | undefined
  let silence = new SilenceWatch(relay.silenceDbfs)

  function open(): void {
    clearTimeout(waiting)
    waiting = undefined
    source?.close()
    source = null
    isHeard = false
    const address = relay.addresses[turn.index]
    const place = address === undefined ? null : placeOf(address, startAt, parts)
    listener.state({ address: turn.index, isConnected: false, isFinite: place?.finite ?? false, isEarlierEdition: place?.isEarlierEdition ?? false })
    if (place === null) return
    const early = place.finite ? startAt - FILE_AHEAD_MS - clock.now() : 0
    if (early > 0) waiting = setTimeout(() => listen(place), early)
    else listen(place)
  }
  function listen(place: Place): void {
    waiting = undefined
    silence = new SilenceWatch(relay.silenceDbfs)
    const shown = { address: turn.index, isFinite: place.finite, isEarlierEdition: place.isEarlierEdition }
    source = listenToStream({
      url: place.url, finite: place.finite, realTime: true, decoder: parts.decoder, clock, giveUpMs: Number.POSITIVE_INFINITY, stalledMs: relay.holdOffMs + STALLED_AFTER_MS, retryMs: (attempt) => reconnectAfterMs(attempt, Math.random()),
    }, {
      sound(pcm) {
        turn.heard(clock.monotonicMs())
        if (!isHeard) listener.state({ ...shown, isConnected: true })
        isHeard = true
        silence.feed(pcm.length / 2, peakOf(pcm))
        listener.sound(pcm)
        // Another address may have what this one leaves out.
        if (silence.silentFor >= relay.silenceMs * PER_MS && turn.giveUp(clock.monotonicMs())) open()
      },
      lost() {
        isHeard = false
        listener.state({ ...shown, isConnected: false })
      },
      ended(isWhole) {
        source = null
        if (isWhole) {
          // What was read ahead is still to be heard: nothing else comes in its place.
          clearInterval(look)
          listener.ended()
        } else listener.state({ ...shown, isConnected: false })
      },
    })
  }
  const look = setInterval(() => {
    if (waiting !== undefined) turn.heard(clock.monotonicMs())
    else if (turn.look(clock.monotonicMs())) open()
  }, LOOK_EVERY_MS)

  open()
  return {
    close() {
      clearInterval(look)
      clearTimeout(waiting)
      source?.close()
      source = null
    },
  }
}

function peakOf(pcm: Float32Array): number {
  let peak = 0
  for (const value of pcm) peak = Math.max(peak, value < 0 ? -value : value)
  return peak
}

/** Null = a file that is there for no day. */
function placeOf(address: RelaySource, startAt: number, { offsetMin, root }: FeedParts): Place | null {
  if (address.kind === 'stream') return { url: address.url, finite: false, isEarlierEdition: false }
  for (let back = 0; back <= EDITIONS_BACK; back++) {
    const at = startAt - back * DAY_MS
    const named = pathOfMoment(address.path, at, offsetMin(at))
    const path = isAbsolute(named) ? named : join(root, named)
    if (existsSync(path)) return { url: pathToFileURL(path).href, finite: true, isEarlierEdition: back > 0 }
  }
  return null
}
