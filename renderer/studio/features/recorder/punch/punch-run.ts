import { channelsOf, compileEdl, type Edl } from '#common/edl/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import { translate } from '../../../i18n/index.ts'
import { fileUrl } from '../../../app/station-client/index.ts'
import { Player } from '../../../audio/playback/index.ts'
import { currentInput } from '../input-owner.ts'
import { useRecorderStore } from '../recorder-store.ts'
import { startTake, stopTake } from '../take-owner.ts'
import { ClockMatch } from './clock-match.ts'
import { withoutOldTake } from './old-take.ts'

export interface PunchPlace {
  readonly projectId: string
  readonly title: string
  readonly edl: Edl
  readonly laneId: string
  /** Punch point, samples of the project. */
  readonly at: number
  readonly preRollSeconds: number
}
export type PunchPhase = 'preRoll' | 'recording' | 'saving' | 'ended'
export interface PunchEvents {
  readonly phase: (phase: PunchPhase) => void
  /** Seconds until the punch point; counts down through 0. */
  readonly toGo: (seconds: number) => void
  readonly failed: (error: unknown) => void
}
export interface PunchRun {
  /** The item of the take, when it is in the library; null when nothing was recorded. @throws AppError when the library refused it */
  stop(): Promise<string | null>
}

/** Asked for this much ahead: the file is open when the first word comes, and the red light is not late. */
const AHEAD_FRAMES = RATE_HZ / 4
const ITEM_WITHIN_MS = 60_000

/**
 * Plays the project from the pre-roll on, silences the old take at the punch point, and records from there. Frame 0 of the take is the sample
 * of the capture clock in which the punch point was heard, less what the sound needs from the microphone.
 */
export function startPunch(place: PunchPlace, events: PunchEvents): PunchRun {
  const edl = withoutOldTake(place.edl, place.laneId, place.at)
  const from = Math.max(0, place.at - place.preRollSeconds * RATE_HZ)
  const player = new Player({ playing: () => undefined, failed: events.failed })
  const match = new ClockMatch()
  let recording: Promise<void> | null = null
  let over = false
  let request = 0
  const begunMs = performance.now()
  let begunFrames: number | null = null

  const look = (): void => {
    const input = currentInput()
    if (over || input === null) return
    const heard = player.position()
    if (player.isPlaying && heard > from) match.pair(heard, input.frames())
    // Nothing to hear before the punch point (an empty project): the wall clock leads.
    begunFrames ??= input.frames()
    const blind = place.at === from || (!match.isKnown && performance.now() - begunMs > (place.preRollSeconds + 1) * 1_000)
    const start = match.captureOf(place.at) ?? (blind ? begunFrames + Math.round(place.at - from) : null)
    if (start !== null) {
      const toGo = (start - input.frames()) / RATE_HZ
      events.toGo(toGo)
      if (recording === null && input.frames() >= start - AHEAD_FRAMES) recording = record(Math.round(start + inputDelay()))
    }
    request = requestAnimationFrame(look)
  }
  const record = async (fromFrame: number): Promise<void> => {
    events.phase('recording')
    try {
      await startTake({ title: translate('recorder.punch.takeTitle', { title: place.title }).slice(0, 200), punch: { projectId: place.projectId, laneId: place.laneId, at: place.at }, fromFrame })
    } catch (error) {
      end()
      events.failed(error)
    }
  }
  const end = (): void => {
    over = true
    cancelAnimationFrame(request)
    void player.close()
  }

  events.phase('preRoll')
  player.setPlan({ plan: compileEdl(edl), channels: channelsOf(edl), urls: edl.sources.map((source) => fileUrl('pcm', source.itemId)) })
  player.play(from).catch(events.failed)
  request = requestAnimationFrame(look)

  return {
    async stop() {
      end()
      await recording
      if (recording === null || useRecorderStore.getState().model.phase === 'idle') {
        events.phase('ended')
        return null
      }
      events.phase('saving')
      await stopTake()
      const itemId = await itemOfTake()
      events.phase('ended')
      return itemId
    },
  }
}

/** What the browser says the sound needs from the microphone to the page. */
function inputDelay(): number {
  const latency = currentInput()?.info.settings['latency']
  return typeof latency === 'number' && latency > 0 && latency < 0.5 ? Math.round(latency * RATE_HZ) : 0
}

/** The library takes a moment to measure it. */
function itemOfTake(): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const { take } = useRecorderStore.getState()
      if (take === null || (take.itemId === null && take.importError === null)) return
      stop()
      clearTimeout(timer)
      if (take.itemId !== null) resolve(take.itemId)
      else reject(new AppError(take.importError?.code ?? 'internal', { data: take.importError?.data ?? {} }))
    }
    const stop = useRecorderStore.subscribe(look)
    const timer = setTimeout(() => {
      stop()
      reject(new AppError('timeout'))
    }, ITEM_WITHIN_MS)
    look()
  })
}
