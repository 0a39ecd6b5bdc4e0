import { samples, samplesFromMs } from '../units/samples.ts'
import type { Samples } from '../units/samples.ts'
import { readingOf } from './reading.ts'

/** What the sum of a bulletin needs to know of its stories. */
export interface StoryFacts {
  readonly script: string
  readonly sounds: readonly { readonly lengthSamples: number }[]
}
export interface TemplateFacts {
  readonly pauseMs: number
  readonly introOverlapMs: number
  readonly outroOverlapMs: number
  readonly syllablesPerMinute: number
}
export interface PieceLengths {
  readonly intro: number
  readonly jingle: number
  readonly outro: number
}
export interface StoryLength {
  readonly lengthSamples: Samples
  /** From the script: there is no sound yet. */
  readonly estimated: boolean
}
export type Verdict = 'open' | 'fits' | 'under' | 'over'
export interface Sum {
  readonly lengthSamples: Samples
  readonly estimatedSamples: Samples
  /** Start of each story, from the beginning of the programme. */
  readonly starts: readonly Samples[]
  readonly stories: readonly StoryLength[]
  readonly introAt: Samples
  readonly jinglesAt: readonly Samples[]
  readonly outroAt: Samples
  /** Where voice and bed lie: from the first story to the end of the last. */
  readonly bodyStart: Samples
  readonly bodyEnd: Samples
}

export function lengthOfStory(story: StoryFacts, syllablesPerMinute: number): StoryLength {
  const sound = story.sounds.reduce((sum, one) => sum + one.lengthSamples, 0)
  return sound > 0 ? { lengthSamples: samples(sound), estimated: false } : { lengthSamples: readingOf(story.script, syllablesPerMinute).lengthSamples, estimated: true }
}

/**
 * Where everything of a bulletin stands, in samples: the one arithmetic behind the running sum on the page and the project that is built.
 * intro – [story – pause – jingle – pause – story …] – outro; the overlaps let the first voice begin over the end of the intro and the outro
 * under the last words, never before the last story. A bulletin without stories is its intro and outro.
 */
export function sumOf(stories: readonly StoryFacts[], template: TemplateFacts, pieces: PieceLengths): Sum {
  const pause = samplesFromMs(template.pauseMs)
  const lengths = stories.map((story) => lengthOfStory(story, template.syllablesPerMinute))
  const introOverlap = Math.min(samplesFromMs(template.introOverlapMs), pieces.intro)
  const starts: Samples[] = []
  const jinglesAt: Samples[] = []
  let at = pieces.intro === 0 ? 0 : pieces.intro - introOverlap + (introOverlap > 0 ? 0 : pause)
  const bodyStart = samples(at)
  lengths.forEach(({ lengthSamples }, index) => {
    if (index > 0) {
      at += pause
      if (pieces.jingle > 0) {
        jinglesAt.push(samples(at))
        at += pieces.jingle + pause
      }
    }
    starts.push(samples(at))
    at += lengthSamples
  })
  const bodyEnd = samples(at)
  const outroOverlap = Math.min(samplesFromMs(template.outroOverlapMs), pieces.outro, lengths.at(-1)?.lengthSamples ?? 0)
  const outroAt = samples(pieces.outro === 0 ? at : at - outroOverlap + (outroOverlap > 0 ? 0 : pause))
  return {
    lengthSamples: samples(Math.max(at, outroAt + pieces.outro, pieces.intro)), estimatedSamples: samples(lengths.reduce((sum, one) => sum + (one.estimated ? one.lengthSamples : 0), 0)),
    starts, stories: lengths, introAt: samples(0), jinglesAt, outroAt, bodyStart, bodyEnd,
  }
}

/** Within a second of the slot counts as fitting: nobody hears less, and a hard line cuts nothing but the tail of the outro. */
const TOLERANCE = 48_000

export function verdictOf(lengthSamples: number, slotSamples: number | null): { readonly verdict: Verdict; readonly differenceSamples: number } {
  if (slotSamples === null) return { verdict: 'open', differenceSamples: 0 }
  const differenceSamples = lengthSamples - slotSamples
  return { verdict: Math.abs(differenceSamples) <= TOLERANCE ? 'fits' : differenceSamples > 0 ? 'over' : 'under', differenceSamples }
}
