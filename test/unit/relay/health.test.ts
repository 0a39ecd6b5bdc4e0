import { describe, expect, it } from 'vitest'
import { RelayHealth } from '#common/relay/index.ts'
import type { RelayState } from '#common/relay/index.ts'

const BLOCK = 480
const SECOND = 48_000
const LOUD = 0.2
const SOFT = 0.001

/** What the source does, and for how many seconds. */
type Does = 'sounds' | 'is silent' | 'gives nothing'
type Step = readonly [does: Does, seconds: number]

function after(steps: readonly Step[]): RelayHealth {
  const health = new RelayHealth({ silenceDbfs: -40, silenceSamples: 10 * SECOND, holdOffSamples: 3 * SECOND, returnSamples: 4 * SECOND })
  let sinceArrival = 0
  for (const [does, seconds] of steps) {
    for (let done = 0; done < Math.round(seconds * SECOND); done += BLOCK) {
      const comes = does !== 'gives nothing'
      sinceArrival = comes ? 0 : sinceArrival + BLOCK
      health.pass({ frames: BLOCK, heard: comes ? BLOCK : 0, peak: does === 'sounds' ? LOUD : does === 'is silent' ? SOFT : 0, sinceArrival })
    }
  }
  return health
}

const table: readonly { readonly name: string; readonly steps: readonly Step[]; readonly state: RelayState; readonly fault: 'sourceLost' | 'silence' | null }[] = [
  { name: 'nothing has come yet', steps: [['gives nothing', 1]], state: 'connecting', fault: null },
  { name: 'nothing has come for the hold-off', steps: [['gives nothing', 3]], state: 'lost', fault: 'sourceLost' },
  { name: 'the first sound makes it ready at once', steps: [['gives nothing', 1], ['sounds', 0.01]], state: 'ready', fault: null },
  { name: 'a hole shorter than the hold-off is nothing', steps: [['sounds', 5], ['gives nothing', 2.99]], state: 'ready', fault: null },
  { name: 'a hole of the hold-off is a loss', steps: [['sounds', 5], ['gives nothing', 3]], state: 'lost', fault: 'sourceLost' },
  { name: 'silence up to the limit is a pause', steps: [['sounds', 5], ['is silent', 9.9]], state: 'ready', fault: null },
  { name: 'silence of the limit counts as lost', steps: [['sounds', 5], ['is silent', 10]], state: 'silent', fault: 'silence' },
  { name: 'silence from its first sample on counts too', steps: [['is silent', 10]], state: 'silent', fault: 'silence' },
  { name: 'after a loss the first sound is not trusted', steps: [['sounds', 5], ['gives nothing', 4], ['sounds', 3.9]], state: 'returning', fault: null },
  { name: 'four seconds of it are', steps: [['sounds', 5], ['gives nothing', 4], ['sounds', 4]], state: 'ready', fault: null },
  { name: 'a pause of speech does not begin them anew', steps: [['sounds', 5], ['gives nothing', 4], ['sounds', 2], ['is silent', 0.9], ['sounds', 1.1]], state: 'ready', fault: null },
  { name: 'a longer one does', steps: [['sounds', 5], ['gives nothing', 4], ['sounds', 2], ['is silent', 1.5], ['sounds', 3]], state: 'returning', fault: null },
  { name: 'lost again while it comes back', steps: [['sounds', 5], ['gives nothing', 4], ['sounds', 2], ['gives nothing', 3]], state: 'lost', fault: 'sourceLost' },
  { name: 'after silence the first sound is not trusted either', steps: [['sounds', 5], ['is silent', 12], ['sounds', 1]], state: 'returning', fault: null },
  { name: 'lost and back, but only with silence', steps: [['sounds', 5], ['gives nothing', 4], ['is silent', 10]], state: 'silent', fault: 'silence' },
]

describe('the health of a relay', () => {
  it.each(table)('$name: $state', ({ steps, state, fault }) => {
    const health = after(steps)
    expect([health.state, health.fault]).toEqual([state, fault])
  })
})
