import { readFile, stat } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMedia } from '../../../main/station/media/index.ts'
import { openSpeech, speechVoices, type SpeechRoom } from '../../../main/station/speech/index.ts'
import type { MediaRoom } from '../../../main/station/faces.ts'
import { openTestContext, type TestContext } from '../../support/context.ts'

let ctx: TestContext
let media: MediaRoom
let speech: SpeechRoom
beforeEach(async () => {
  ctx = await openTestContext()
  media = openMedia(ctx)
  speech = await openSpeech(ctx, { media })
})
afterEach(() => ctx.dispose())

describe('the offline voice', () => {
  it('speaks Vietnamese in three regional voices as 48 kHz mono', async () => {
    const sizes = new Set<number>()
    for (const voice of speechVoices) {
      const { path } = await speech.synthesize({ text: 'Kính chào bà con. Mời bà con nghe bản tin sáng.', voice })
      const pcm = await media.openPcm(path)
      expect(pcm.channels).toBe(1)
      expect(pcm.length / 48_000).toBeGreaterThan(2)
      expect(pcm.length / 48_000).toBeLessThan(8)
      const loudness = await media.measureLoudness(path, new AbortController().signal)
      expect(loudness.integratedLufs).toBeGreaterThan(-35)
      sizes.add(pcm.length)
    }
    expect(sizes.size).toBe(3)
  })

  it('speaks the same words once, also when they are asked for twice at the same moment', async () => {
    const ask = () => speech.synthesize({ text: 'Nước sông lên nhanh.' })
    const [first, second] = await Promise.all([ask(), ask()])
    expect(second?.path).toBe(first?.path)
    const before = await stat(first?.path ?? '')
    const third = await ask()
    expect(third.cached).toBe(true)
    expect((await stat(third.path)).ino).toBe(before.ino)
    expect((await speech.synthesize({ text: 'Nước sông lên nhanh.', speed: 1.5 })).cacheKey).not.toBe(third.cacheKey)
  })

  it('takes any characters as text, never as instructions to a shell', async () => {
    const { path } = await speech.synthesize({ text: '"; touch /tmp/pwned; echo $(id) -- `ls` \u0000 đồng bào' })
    expect((await readFile(path)).length).toBeGreaterThan(10_000)
  })

  it('refuses empty words and gives up when asked to', async () => {
    await expect(speech.synthesize({ text: '  ' })).rejects.toMatchObject({ code: 'invalid-input' })
    const stop = new AbortController()
    const waiting = speech.synthesize({ text: 'một hai ba bốn năm '.repeat(200), signal: stop.signal })
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
  })
})
