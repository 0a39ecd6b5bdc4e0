import type { CountedProgramme } from '../counted-programme.ts'
import type { TapRecording } from '../tap-recorder.ts'

/** What happened to the air while something else was killed or frozen. */
export interface AirResult {
  readonly scenario: string
  readonly how: string
  readonly heardMs: number
  /** Samples that never came. */
  readonly missing: number
  /** Milliseconds into the scenario where the first wrong sample was, or -1. */
  readonly wrongAtMs: number
  /** What was heard there: silence, or how far it was from its place (samples), or neither one of the items. */
  readonly instead?: string
  /** Latest arrival of a block after its own time. */
  readonly worstLateMs: number
  readonly good: boolean
  readonly note?: string
}
export interface Happening {
  readonly scenario: string
  readonly how: string
  readonly fromMs: number
  readonly untilMs: number
  /** Null = what else was promised holds. */
  readonly broken: string | null
}

/** Later than this and a listener's buffer may run dry. */
const LATE_LIMIT_MS = 100

/** Every sample of the programme bus, from shortly before to shortly after, against what had to sound. */
export function judge(happening: Happening, tap: TapRecording, programme: CountedProgramme): AirResult {
  const { scenario, how, fromMs, untilMs, broken } = happening
  const start = tap.onset()
  const blocks = tap.blocks.filter((block) => block.atMs >= fromMs && block.atMs < untilMs)
  const [first, last] = [blocks[0], blocks.at(-1)]
  if (start < 0 || first === undefined || last === undefined) return { scenario, how, heardMs: 0, missing: 0, wrongAtMs: 0, worstLateMs: 0, good: false, note: 'nothing was heard' }
  let missing = 0
  let worstLateMs = 0
  for (const [n, block] of blocks.entries()) {
    const before = blocks[n - 1]
    if (before !== undefined) missing += before.connection === block.connection ? block.firstFrame - before.firstFrame - before.frames : 1
    worstLateMs = Math.max(worstLateMs, block.atMs - block.zeroAtUs / 1000 - block.firstFrame / 48)
  }
  const until = last.place + last.frames
  const wrong = programme.firstWrong(tap, start, Math.max(start, first.place), until)
  const instead = wrong === -1 ? {} : { instead: programme.tell(tap.left, wrong, wrong - start) }
  return {
    scenario, how, heardMs: Math.round((until - first.place) / 48), missing, wrongAtMs: wrong === -1 ? -1 : Math.round(tap.arrivalOf(wrong) - fromMs), worstLateMs: Math.round(worstLateMs * 10) / 10, ...instead,
    good: missing === 0 && wrong === -1 && worstLateMs <= LATE_LIMIT_MS && broken === null, ...(broken === null ? {} : { note: broken }),
  }
}
