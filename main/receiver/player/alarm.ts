import type { AlertLetter, EmergencySet } from '#common/letters/index.ts'
import { instantUs } from '#common/letters/index.ts'
import type { DecodedSound } from './pcm-library.ts'
import { openPcmReader, type PcmReader } from './pcm-reader.ts'
import { samplesOfMs } from './timeline.ts'
import type { Sounds, Voice } from './voice.ts'

export interface AlarmOptions {
  readonly letter: AlertLetter
  readonly emg: EmergencySet
  readonly langs: readonly string[]
  readonly syncIndex: number
  readonly delayMs: number
  readonly sounds: Sounds
  readonly sampleAt: (wallMs: number) => number
  /** Output sample that sounds now. */
  readonly now: () => number
  readonly onGeneric: () => void
}

/** Siren at once, speech as soon as it is here, repeats, blocks. The order of one block is a list of steps; each step begins on the sample where the one before ended. */
export interface Alarm extends Voice {
  renew(letter: AlertLetter): void
  readonly blocksPlayed: number
  readonly generic: boolean
  /** All blocks have sounded and no more will come. */
  over(at: number): boolean
}

type Step = { readonly kind: 'drill' | 'siren' | 'reissue' | 'gap' } | { readonly kind: 'speech'; readonly index: number; readonly play: number }
interface Segment {
  readonly start: number
  readonly length: number
  readonly reader: PcmReader | null
}

/** How often the siren may repeat while speech is still on its way before the stored general message takes its place. */
const SIREN_WAITS = 2

export function openAlarm(options: AlarmOptions): Alarm {
  const { sounds } = options
  let letter = options.letter
  let blocksPlayed = 0
  let generic = false
  let sirenWaits = 0
  let closed = false
  const failed = new Set<string>()
  const asked = new Set<string>()
  const readers = new Map<string, PcmReader>()
  const drill = letter.cap.status !== 'Actual'
  const firstBlockAt = Math.max(options.now(), letter.startAt === undefined ? -Infinity : options.sampleAt(instantUs(letter.startAt) / 1000 + options.delayMs))
  let blockStart = firstBlockAt
  let steps: Step[] = []
  let segment: Segment | null = null
  let inBlock = false
  let held = false

  const pick = (byLang: Readonly<Record<string, string>> | undefined): string | undefined => options.langs.map((lang) => byLang?.[lang]).find((sha) => sha !== undefined) ?? Object.values(byLang ?? {})[0]
  const drillClip = (): string | undefined => pick(options.emg.drill)
  const sirenSha = (): string | undefined => (letter.siren === undefined || letter.siren === 'none' ? undefined : (options.emg.sirens?.[letter.siren] ?? Object.values(options.emg.sirens ?? {})[0]))
  const genericSha = (): string | undefined => pick(options.emg.generic?.[letter.hazard ?? '']) ?? pick(options.emg.generic?.['khac']) ?? pick(Object.values(options.emg.generic ?? {})[0])
  /** Speech in the order of the pole's languages; those it does not speak are left out unless none is left. */
  const speeches = (): NonNullable<AlertLetter['audio']> => {
    const audio = letter.audio ?? []
    const mine = options.langs.flatMap((lang) => audio.filter((one) => one.lang === lang))
    return mine.length > 0 ? mine : audio.slice(0, 1)
  }

  function ask(sha256: string | undefined, url: string | undefined, fetch: boolean): void {
    if (sha256 === undefined || asked.has(sha256)) return
    asked.add(sha256)
    if (sounds.peek(sha256) !== null) return
    sounds.get(sha256, { urgent: true, fetch, ...(url === undefined ? {} : { url }) }).catch(() => failed.add(sha256))
  }
  function askAll(): void {
    ask(sirenSha(), undefined, false)
    if (drill) ask(drillClip(), undefined, false)
    for (const one of speeches()) ask(one.sha256, one.url ?? `/c/${one.sha256}`, true)
    ask(genericSha(), undefined, false)
    if (letter.reissue !== undefined) ask(letter.reissue, `/c/${letter.reissue}`, true)
  }
  askAll()

  function blockSteps(): Step[] {
    const list: Step[] = []
    if (drill) list.push({ kind: 'drill' })
    list.push({ kind: 'siren' })
    const spoken = Math.max(1, speeches().length)
    const hasSpeech = speeches().length > 0 || letter.hazard !== undefined
    for (let play = 0; hasSpeech && play < (letter.repeat ?? 1); play++) {
      if (play > 0) list.push({ kind: 'gap' })
      if (play > 0 && letter.reissue !== undefined) list.push({ kind: 'reissue' })
      for (let index = 0; index < spoken; index++) list.push({ kind: 'speech', index, play })
    }
    if (drill) list.push({ kind: 'drill' })
    return list
  }
  function readerFor(sound: DecodedSound): PcmReader {
    let reader = readers.get(sound.sha256)
    if (reader === undefined) {
      reader = openPcmReader(sound)
      readers.set(sound.sha256, reader)
    }
    reader.prime(0)
    return reader
  }
  function stored(sha256: string | undefined, start: number): Segment | null {
    const sound = sha256 === undefined ? null : sounds.peek(sha256)
    return sound === null ? null : { start, length: sound.length, reader: readerFor(sound) }
  }
  const silence = (start: number, length: number): Segment => ({ start, length, reader: null })

  /** Segment of a step; null = the step has no sound and is passed over. */
  function realise(step: Step, start: number): Segment | null {
    switch (step.kind) {
      case 'drill': return stored(drillClip(), start)
      case 'siren': {
        const siren = stored(sirenSha(), start)
        const sha = sirenSha()
        if (siren === null && sha !== undefined && !failed.has(sha) && start < firstBlockAt + samplesOfMs(2000)) {
          // Just booted: the siren itself is still being decoded, a matter of tenths of a second.
          steps.unshift(step)
          return silence(start, samplesOfMs(20))
        }
        return siren
      }
      case 'reissue': return stored(letter.reissue, start)
      case 'gap': return silence(start, samplesOfMs((letter.gapSec ?? 2) * 1000))
      case 'speech': return speech(step, start)
    }
  }
  function speech(step: Extract<Step, { kind: 'speech' }>, start: number): Segment | null {
    if (letter.stagger !== undefined && step.index === 0) {
      const turn = blockStart + sirenLength() + samplesOfMs((step.play * letter.stagger.slots + options.syncIndex) * letter.stagger.slotSec * 1000)
      if (turn > start) {
        steps.unshift(step)
        return silence(start, turn - start)
      }
    }
    const wanted = speeches()[step.index]
    const here = stored(wanted?.sha256, start)
    if (here !== null) return here
    const waiting = wanted !== undefined && !failed.has(wanted.sha256)
    if (waiting && sirenWaits < SIREN_WAITS && sirenLength() > 0) {
      sirenWaits++
      steps.unshift(step)
      return stored(sirenSha(), start)
    }
    const general = stored(genericSha(), start)
    if (general !== null && !generic) {
      generic = true
      options.onGeneric()
    }
    return step.index === 0 ? general : null
  }
  const sirenLength = (): number => {
    const sha = sirenSha()
    return sha === undefined ? 0 : (sounds.peek(sha)?.length ?? 0)
  }

  /** Moves on so that `segment` covers `at`, or the block is over. */
  function advance(at: number): void {
    while (inBlock && (segment === null || at >= segment.start + segment.length)) {
      const start: number = segment === null ? at : segment.start + segment.length
      const step = steps.shift()
      if (step === undefined) {
        inBlock = false
        segment = null
        blocksPlayed++
        blockStart = letter.everySec === undefined ? Infinity : nextBlock(start)
        return
      }
      const next = realise(step, start)
      if (next !== null) segment = next
      else if (segment !== null) segment = silence(start, 0)
    }
  }
  function nextBlock(after: number): number {
    const every = samplesOfMs((letter.everySec ?? 0) * 1000)
    return firstBlockAt + Math.ceil((after - firstBlockAt + 1) / every) * every
  }
  function openBlock(at: number): void {
    inBlock = true
    blockStart = at
    sirenWaits = 0
    steps = blockSteps()
    segment = null
  }

  return {
    get blocksPlayed() {
      return blocksPlayed
    },
    get generic() {
      return generic
    },
    renew(next) {
      letter = next
      askAll()
      if (!inBlock && blockStart === Infinity && next.everySec !== undefined) blockStart = nextBlock(options.now())
    },
    over: (at) => !inBlock && blockStart === Infinity && at >= firstBlockAt,
    due(at) {
      if (inBlock && !held) advance(at)
      return inBlock || at >= blockStart
    },
    nextChange(at) {
      if (!inBlock) return blockStart > at ? blockStart : Infinity
      if (held) return Infinity
      return segment === null ? at + 1 : Math.max(at + 1, segment.start + segment.length)
    },
    begin(at) {
      // Also after an interruption: a block that was cut is said again from its beginning.
      held = false
      openBlock(at)
      advance(at)
      return inBlock ? 'start' : false
    },
    lost() {
      held = true
    },
    fill(at, into, count) {
      let missing = 0
      for (let done = 0; done < count; ) {
        if (segment === null || at + done >= segment.start + segment.length) advance(at + done)
        if (!inBlock || segment === null) break
        const current: Segment = segment
        const run = Math.min(count - done, current.start + current.length - (at + done))
        if (current.reader !== null) missing += current.reader.mix(at + done - current.start, into, done, run, 1)
        done += run
      }
      return missing
    },
    service: () => undefined,
    retime: () => undefined,
    close() {
      if (closed) return
      closed = true
      for (const reader of readers.values()) reader.close()
    },
  }
}
