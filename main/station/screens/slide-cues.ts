import { createHash } from 'node:crypto'
import { RATE_HZ } from '#common/units/samples.ts'
import type { Slide } from '#contract/programme.ts'
import type { PlannedPlay } from '../faces.ts'

/** One picture on the screens of a line, with its exact time. */
export interface SlideCue {
  /** The letter's subject: the same for the same picture of the same line, also after a restart of the station. */
  readonly sid: string
  readonly lineId: string
  readonly lineStartAt: number
  readonly startAt: number
  readonly endAt: number
  readonly image: string
  readonly title: string
  readonly targetUnitIds: readonly string[]
}

/** A letter may be 30 minutes old at most and goes out ten minutes ahead: a longer picture is sent in pieces. */
const PIECE_MS = 18 * 60_000
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID that follows from a text. */
export function subjectOf(text: string): string {
  const digest = createHash('sha256').update(text).digest()
  let bits = 0n
  for (const byte of digest.subarray(0, 16)) bits = (bits << 8n) | BigInt(byte)
  let id = ''
  for (let n = 0; n < 26; n++) {
    id = `${CROCKFORD[Number(bits & 31n)] ?? '0'}${id}`
    bits >>= 5n
  }
  return id
}

/** The pictures of planned plays between two instants: the sound's own sample positions, laid on the clock by the start of the line. */
export function slideCues(plays: readonly PlannedPlay[], slidesOf: (itemId: string) => readonly Slide[], fromAt: number, untilAt: number): SlideCue[] {
  return plays.flatMap((play) => {
    const playEnd = play.startAt + (play.playSamples * 1000) / RATE_HZ
    if (playEnd <= fromAt || play.startAt >= untilAt) return []
    const slides = slidesOf(play.itemId)
    return slides.flatMap(({ at, image, title }, index) => {
      const startAt = play.startAt + (at * 1000) / RATE_HZ
      const next = slides[index + 1]
      const endAt = Math.min(playEnd, next === undefined ? Infinity : play.startAt + (next.at * 1000) / RATE_HZ)
      if (image === null || endAt <= startAt) return []
      const pieces = Math.ceil((endAt - startAt) / PIECE_MS)
      return Array.from({ length: pieces }, (_, piece): SlideCue => ({
        sid: subjectOf(`slide ${play.lineId} ${play.itemId} ${at} ${piece}`), lineId: play.lineId, lineStartAt: play.startAt, startAt: startAt + piece * PIECE_MS, endAt: Math.min(endAt, startAt + (piece + 1) * PIECE_MS), image, title, targetUnitIds: play.targetUnitIds,
      })).filter((cue) => cue.endAt > fromAt && cue.startAt < untilAt)
    })
  })
}
