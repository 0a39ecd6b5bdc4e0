import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { temporaryFolder } from '../../support/context.ts'
import { importApproved, schedule, secondAfter } from '../../support/on-air.ts'
import { joined, silence, sine, wavBytes } from '../../support/signals.ts'
import { recordPipe, recordTap } from '../../support/tap-recorder.ts'
import type { TapRecording } from '../../support/tap-recorder.ts'
import { openBenchStation } from './bench-station.ts'
import { duringScript, makePipe, runLiquidsoap } from './liquidsoap.ts'
import { sorted } from './spread.ts'

const RATE = 48_000
const TONE_SECONDS = 3
/** `max_blank` of the opponent. */
const THEIR_LIMIT_SECONDS = 2
/** What a station does without any setting: silent for this long, the next rung sounds. */
const OWN_LIMIT_SECONDS = 10
const OWN_SILENCE_SECONDS = 14

export interface Failover {
  /** Ascending: how far each was from the set time, ms. Empty = nothing took over. */
  readonly errorsMs: readonly number[]
  readonly limitSeconds: number
}

/** Silences of at least half the limit between two sounds, seconds. */
function silencesIn(tap: TapRecording, atLeastSeconds: number, fromIndex: number): number[] {
  const found: number[] = []
  let last = -1
  for (let index = Math.max(0, fromIndex); index < tap.left.length; index++) {
    if (tap.left[index] === 0) continue
    if (last >= 0 && index - last > atLeastSeconds * RATE) found.push((index - last - 1) / RATE)
    last = index
  }
  return found
}

/** An item that falls silent in its middle: what is heard, and when, on a station as it is set up by default. */
export async function ownFailover(program: string): Promise<Failover> {
  const folder = await temporaryFolder()
  try {
    await using station = await openBenchStation(program, folder.path)
    const file = join(folder.path, 'falls-silent.wav')
    const tone = sine({ hz: 440, dbfs: -18, seconds: TONE_SECONDS, channels: 2 })
    await writeFile(file, wavBytes(joined(tone, silence(OWN_SILENCE_SECONDS, 2), tone)))
    const item = await importApproved(station.client, file)
    await using recorder = await recordTap(station.tapPath)
    const at = secondAfter(1_500)
    await schedule(station.client, [{ itemId: item.id, at }])
    await wait(at + (TONE_SECONDS + OWN_SILENCE_SECONDS + 1) * 1000 - Date.now())
    const tap = await recorder.stop()
    const [first] = silencesIn(tap, OWN_LIMIT_SECONDS / 2, tap.onset())
    // The item's own second tone is no failover.
    const own = first === undefined || first > OWN_SILENCE_SECONDS - 0.5 ? [] : [Math.abs(first - OWN_LIMIT_SECONDS) * 1000]
    return { errorsMs: own, limitSeconds: OWN_LIMIT_SECONDS }
  } finally {
    await folder.remove()
  }
}

/** A source that falls silent each seven seconds behind `blank.strip(max_blank=2.)`, another tone behind it. */
export async function liquidsoapFailover(times: number): Promise<Failover> {
  const folder = await temporaryFolder()
  try {
    const pipe = await makePipe(join(folder.path, 'silence.pipe'))
    await using recorder = await recordPipe(pipe)
    const round = TONE_SECONDS + THEIR_LIMIT_SECONDS * 2
    const first = Date.now() + 4_000
    const main = [
      duringScript('on', Array.from({ length: times }, (_, n) => first + n * round * 1000), TONE_SECONDS),
      'source = switch(track_sensitive=false, [(on, sine(1000.)), ({true}, blank())])',
      `s = fallback(track_sensitive=false, [blank.strip(max_blank=${THEIR_LIMIT_SECONDS}., threshold=-40., source), sine(500.)])`,
    ].join('\n')
    await using liquidsoap = await runLiquidsoap(folder.path, 'silence', { main, output: pipe })
    await wait(first + times * round * 1000 - Date.now())
    const tap = await recorder.stop()
    const silences = silencesIn(tap, THEIR_LIMIT_SECONDS / 2, tap.onset())
    if (silences.length === 0) throw new Error(`Liquidsoap never took over:\n${liquidsoap.said()}`)
    return { errorsMs: sorted(silences.map((seconds) => Math.abs(seconds - THEIR_LIMIT_SECONDS) * 1000)), limitSeconds: THEIR_LIMIT_SECONDS }
  } finally {
    await folder.remove()
  }
}
