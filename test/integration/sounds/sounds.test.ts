import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMedia } from '../../../main/station/media/index.ts'
import { sirenNames, soundNames, writeSound } from '../../../main/station/sounds/index.ts'
import { openTestContext, type TestContext } from '../../support/context.ts'

let ctx: TestContext
beforeAll(async () => {
  ctx = await openTestContext()
})
afterAll(() => ctx.dispose())

describe('the sounds of the house', () => {
  it.each(soundNames)('%s has a broadcast level, room above its peaks and no click', async (name) => {
    const media = openMedia(ctx)
    const path = join(ctx.folders.temp, `${name}.wav`)
    await writeSound(name, path)
    const loudness = await media.measureLoudness(path, new AbortController().signal)
    expect(loudness.integratedLufs).toBeGreaterThanOrEqual(-20)
    expect(loudness.integratedLufs).toBeLessThanOrEqual(-15.5)
    expect(loudness.truePeakDbtp).toBeLessThanOrEqual(-1)
    const pcm = await media.openPcm(path)
    const bytes = await readFile(path)
    const count = pcm.length * pcm.channels
    // Read once: the longest has eleven million values, and each is looked at five times.
    const values = new Float32Array(count)
    for (let i = 0, at = pcm.dataOffsetBytes; i < count; i++, at += 3) values[i] = (((bytes[at] ?? 0) << 8) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 24)) / 2 ** 31
    const sample = (i: number) => values[i] ?? 0
    for (let channel = 0; channel < pcm.channels; channel++) {
      expect(Math.abs(sample(channel))).toBeLessThan(0.002)
      expect(Math.abs(sample(count - pcm.channels + channel))).toBeLessThan(0.002)
    }
    // A jump between two neighbours that is neither preceded nor followed by one of its size is a click.
    let clicks = 0
    for (let i = 2 * pcm.channels; i < count - 2 * pcm.channels; i++) {
      const step = Math.abs(sample(i) - sample(i - pcm.channels))
      if (step < 0.12) continue
      const around = Math.abs(sample(i - pcm.channels) - sample(i - 2 * pcm.channels)) + Math.abs(sample(i + pcm.channels) - sample(i))
      if (around < step / 4) clicks++
    }
    expect(clicks).toBe(0)
  })

  it('makes sirens of fourteen seconds, music long enough to be a bed, and the same bytes each time', async () => {
    const media = openMedia(ctx)
    for (const name of sirenNames) expect((await media.openPcm(join(ctx.folders.temp, `${name}.wav`))).length).toBe(14 * 48_000)
    const bed = await media.openPcm(join(ctx.folders.temp, 'nhac-nen.wav'))
    expect(bed.length / 48_000).toBeGreaterThanOrEqual(60)
    expect(bed.length / 48_000).toBeLessThanOrEqual(120)
    const again = join(ctx.folders.temp, 'again.wav')
    await writeSound('nhac-hieu', again)
    const hash = async (path: string) => createHash('sha256').update(await readFile(path)).digest('hex')
    expect(await hash(again)).toBe(await hash(join(ctx.folders.temp, 'nhac-hieu.wav')))
  })

  it('says so when it cannot write', async () => {
    await expect(writeSound('chuong-bao', join(ctx.folders.temp, 'missing', 'x.wav'))).rejects.toThrow()
  })
})
