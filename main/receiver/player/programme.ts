import { gainFromDb } from '#common/units/decibels.ts'
import { openPcmReader, type PcmReader } from './pcm-reader.ts'
import type { DecodedSound } from './pcm-library.ts'
import { samplesOfMs } from './timeline.ts'
import { soundErrorCode, type Sounds, type Voice } from './voice.ts'

export interface ProgrammePart {
  readonly sha256: string
  readonly fromMs?: number
  readonly toMs?: number
  readonly gainDb?: number
  /** From the manifest; only used until the file is decoded. For silence its length. */
  readonly plannedMs: number
  readonly silence?: boolean
}

export interface ProgrammeOptions {
  readonly parts: readonly ProgrammePart[]
  readonly sounds: Sounds
  /** Output sample of the first sample of the first part; asked again after a clock step. */
  readonly origin: () => number
  /** Output sample where it must be over, fading; null = plays out. */
  readonly hardEnd: () => number | null
  readonly lateMaxMs: number | null
  /** `begin` = the first sample is whenever it gets the output, not a planned instant. */
  readonly anchored?: 'clock' | 'begin'
  readonly after: 'join' | 'restart' | 'skip'
  readonly loop?: boolean
  /** Orders may name a file the radio does not hold yet. */
  readonly fetchFrom?: string
  readonly onFail?: (sha256: string, code: string) => void
}

const FADE_OUT_SAMPLES = samplesOfMs(150)
const ARM_AHEAD_SAMPLES = samplesOfMs(15_000)
const DECODE_AHEAD_SAMPLES = samplesOfMs(30 * 60_000)

interface PartState {
  readonly part: ProgrammePart
  readonly from: number
  to: number | null
  length: number
  sound: DecodedSound | null
  reader: PcmReader | null
  state: 'idle' | 'asked' | 'ready' | 'failed'
}

/** Stored items one after the other without a gap, each exactly as long as its decoded sound. Where it stands follows from the clock, so an interrupted or late one joins where the plan is. */
export interface Programme extends Voice {
  /** Output sample after the last one; grows exact as parts are decoded. */
  end(): number
  readonly playedSamples: number
  readonly firstAt: number | null
  firstItem(): string
  /** The plan of a running programme changed: what stays the same goes on without a break, the rest follows from the clock. */
  replace(parts: readonly ProgrammePart[]): void
}

export function openProgramme(options: ProgrammeOptions): Programme {
  const { sounds, after, lateMaxMs } = options
  let origin = options.origin()
  let hardEnd = options.hardEnd()
  let playedSamples = 0
  let firstAt: number | null = null
  let skipped = false
  let closed = false
  const stateOf = (part: ProgrammePart): PartState => {
    const from = samplesOfMs(part.fromMs ?? 0)
    const planned = part.toMs === undefined ? Math.max(0, samplesOfMs(part.plannedMs) - from) : samplesOfMs(part.toMs) - from
    return { part, from, to: part.toMs === undefined ? null : samplesOfMs(part.toMs), length: Math.max(0, planned), sound: null, reader: null, state: part.silence === true ? 'ready' : 'idle' }
  }
  let parts: PartState[] = options.parts.map(stateOf)
  const contentLength = (): number => parts.reduce((sum, one) => sum + one.length, 0)
  const contentEnd = (): number => (options.loop === true ? Infinity : origin + contentLength())
  const waits = (): boolean => options.anchored === 'begin' && firstAt === null && parts.some((one) => one.state !== 'failed')
  const end = (): number => Math.min(waits() ? Infinity : contentEnd(), hardEnd ?? Infinity)

  function adopt(one: PartState, sound: DecodedSound): void {
    one.sound = sound
    one.state = 'ready'
    one.length = Math.max(0, Math.min(one.to ?? sound.length, sound.length) - one.from)
  }
  function ask(one: PartState, urgent: boolean): void {
    const known = sounds.peek(one.part.sha256)
    if (known !== null) {
      adopt(one, known)
      return
    }
    one.state = 'asked'
    sounds.get(one.part.sha256, { urgent, ...(options.fetchFrom === undefined ? {} : { fetch: true, url: options.fetchFrom }) }).then(
      (sound) => {
        if (!closed) adopt(one, sound)
      },
      (error: unknown) => {
        if (closed) return
        one.state = 'failed'
        options.onFail?.(one.part.sha256, soundErrorCode(error))
      },
    )
  }
  /** Part sounding at a sample, and where in the chain it begins. */
  function locate(at: number): { one: PartState; start: number } | null {
    let start = origin
    const total = contentLength()
    if (options.loop === true && total > 0 && at >= origin) start = origin + Math.floor((at - origin) / total) * total
    for (const one of parts) {
      if (at < start + one.length) return at < start ? null : { one, start }
      start += one.length
    }
    return null
  }
  function arm(one: PartState, position: number): PcmReader | null {
    if (one.state === 'idle') ask(one, true)
    if (one.sound === null) return null
    one.reader ??= openPcmReader(one.sound)
    one.reader.want(one.from + Math.max(0, position))
    return one.reader
  }

  return {
    end,
    get playedSamples() {
      return playedSamples
    },
    get firstAt() {
      return firstAt
    },
    firstItem: () => parts[0]?.part.sha256 ?? '',
    replace(next) {
      const before = parts
      parts = next.map((part, index) => {
        const same = before[index]
        return same !== undefined && JSON.stringify(same.part) === JSON.stringify(part) ? same : stateOf(part)
      })
      for (const one of before) if (!parts.includes(one)) one.reader?.close()
      // The end may have moved; the place of the first sample has not, though the clock drifted since.
      hardEnd = options.hardEnd()
    },
    due(at) {
      if (skipped || at < origin || at >= end()) return false
      const here = locate(waits() ? origin : at)
      // A missing or undecoded item leaves the air to what lies below it until its own time is over.
      return here !== null && here.one.state === 'ready'
    },
    nextChange(at) {
      if (at < origin) return origin
      const here = locate(at)
      const partEnd = here === null ? Infinity : here.start + here.one.length
      const limit = end()
      return Math.min(partEnd, limit > at ? limit : Infinity)
    },
    begin(at, first) {
      if (first && lateMaxMs !== null && at - origin > samplesOfMs(lateMaxMs)) {
        skipped = true
        return false
      }
      if (!first && after === 'skip') {
        skipped = true
        return false
      }
      if ((!first && after === 'restart') || (first && options.anchored === 'begin')) origin = at
      firstAt ??= at
      const here = locate(at)
      if (here !== null) arm(here.one, at - here.start)?.prime(here.one.from + at - here.start)
      return at === origin ? 'start' : 'join'
    },
    fill(at, into, count) {
      let missing = 0
      const limit = Math.min(count, end() - at)
      for (let done = 0; done < limit; ) {
        const here = locate(at + done)
        if (here === null) break
        const run = Math.min(limit - done, here.start + here.one.length - (at + done))
        const reader = here.one.reader ?? arm(here.one, at + done - here.start)
        if (here.one.part.silence === true) missing += 0
        else if (reader === null) missing += run
        else missing += reader.mix(here.one.from + at + done - here.start, into, done, run, gainFromDb(here.one.part.gainDb ?? 0))
        done += run
      }
      playedSamples += Math.max(0, limit)
      if (hardEnd !== null && contentEnd() > hardEnd && at + count > hardEnd - FADE_OUT_SAMPLES) {
        for (let i = 0; i < count; i++) into[i] = (into[i] ?? 0) * Math.min(1, Math.max(0, (hardEnd - (at + i)) / FADE_OUT_SAMPLES))
      }
      return missing
    },
    service(at) {
      let start = origin
      for (const one of parts) {
        const partEnd = start + one.length
        if (options.loop !== true && partEnd < at && one.reader !== null) {
          one.reader.close()
          one.reader = null
        }
        if (partEnd > at || options.loop === true) {
          if (one.state === 'idle' && start < at + DECODE_AHEAD_SAMPLES) ask(one, start < at + ARM_AHEAD_SAMPLES)
          if (one.state === 'ready' && start < at + ARM_AHEAD_SAMPLES) arm(one, at - start)
        }
        start = partEnd
      }
    },
    retime() {
      if (options.anchored === 'begin') return
      origin = options.origin()
      hardEnd = options.hardEnd()
    },
    close() {
      closed = true
      for (const one of parts) one.reader?.close()
    },
  }
}
