import { afterEach, describe, expect, it } from 'vitest'
import { openFeed } from '../../../main/station/relay/feed.ts'
import type { RelayFeed, RelayFeedState } from '../../../main/station/faces.ts'
import { knownRelay } from '../../support/relay/known.ts'
import { until } from '../../support/until.ts'

const A = 'https://dai.vn/a.mp3'
const B = 'https://dai.vn/b.mp3'
const started = performance.now()
const clock = { now: () => Date.UTC(2026, 10, 21) + performance.now() - started, monotonicMs: () => performance.now() }
/** A second of a level. */
const second = (value: number): Buffer => Buffer.from(new Float32Array(96_000).fill(value).buffer)

let feed: RelayFeed | null = null
afterEach(() => feed?.close())

/** Listens to A, then B; gives what was opened, and a hand on the decoder that runs. */
function listening() {
  const opened: string[] = []
  const states: RelayFeedState[] = []
  let frames = 0
  let onData: (chunk: Buffer) => void = () => undefined
  const { relay } = knownRelay('s', 'Đài tỉnh', true, [{ kind: 'stream', url: A }, { kind: 'stream', url: B }])
  feed = openFeed({ ...relay, holdOffMs: 500, silenceMs: 2_000 }, clock.now(), {
    clock, offsetMin: () => 420, root: '/',
    decoder(options) {
      opened.push(options.url)
      onData = options.onData
      return { kill: () => undefined }
    },
  }, { sound: (pcm) => void (frames += pcm.length / 2), state: (state) => void states.push(state), ended: () => undefined })
  return { opened, states, give: (chunk: Buffer) => onData(chunk), frames: () => frames }
}

describe('what is listened to for a relay line', () => {
  it('is the next address when nothing comes from the first, and that one as long as it sounds', async () => {
    const { opened, states, give, frames } = listening()
    expect(opened).toEqual([A])
    await until('the second address', () => opened.length === 2, 2_000)
    give(second(0.1))
    expect(frames()).toBe(48_000)
    expect(states.at(-1)).toMatchObject({ address: 1, isConnected: true })
    for (let n = 0; n < 4; n++) {
      await new Promise((resolve) => setTimeout(resolve, 200))
      give(second(0.1))
    }
    expect(opened).toEqual([A, B])
  })

  it('is the next address when the first is silent for long, but not for a pause', () => {
    const { opened, give } = listening()
    give(second(0.1))
    give(second(0.0001))
    give(second(0.1))
    give(second(0.0001))
    expect(opened).toEqual([A])
    give(second(0.0001))
    expect(opened).toEqual([A, B])
  })
})
