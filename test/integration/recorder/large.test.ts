import { open, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseWavHeader } from '#common/mix/index.ts'
import { openMedia } from '../../../main/station/media/index.ts'
import { repairTake } from '../../../main/station/recorder/repair.ts'
import { TAKE_HEADER_BYTES, decodeTakeHeader } from '../../../main/station/recorder/wav-header.ts'
import { openWavJournal } from '../../../main/station/recorder/wav-journal.ts'
import { manualClock, openTestContext, type TestContext } from '../../support/context.ts'
import { counterPcm24, firstWrongFrame } from '../../support/recorder/counter-pcm.ts'

/** Over the 4 GiB border of RIFF in stereo, with counted sound on both sides of the border and of the end. */
const FRAMES = 833_333_333
const SILENT = FRAMES - 20_000
const size = TAKE_HEADER_BYTES + FRAMES * 6

let ctx: TestContext
beforeEach(async () => { ctx = await openTestContext() })
afterEach(() => ctx.dispose())

async function readAt(path: string, position: number, length: number): Promise<Buffer> {
  await using file = await open(path)
  const bytes = Buffer.alloc(length)
  const { bytesRead } = await file.read(bytes, 0, length, position)
  return bytes.subarray(0, bytesRead)
}
/** A take of 5 GB through the writer itself. */
async function writeLarge(path: string): Promise<Awaited<ReturnType<typeof openWavJournal>>> {
  const clock = manualClock()
  const journal = await openWavJournal(path, 2, clock)
  journal.append(counterPcm24(0, 10_000, 2))
  journal.appendSilence(SILENT)
  journal.append(counterPcm24(10_000 + SILENT, 10_000, 2))
  clock.advance(6_000)
  expect(await journal.sync()).toBe(FRAMES)
  return journal
}
async function expectWhole(path: string): Promise<void> {
  const head = await readAt(path, 0, TAKE_HEADER_BYTES)
  expect(head.toString('latin1', 0, 4)).toBe('RF64')
  expect(decodeTakeHeader(head)).toEqual({ channels: 2, claimedBytes: FRAMES * 6 })
  expect(parseWavHeader(head)).toEqual({ format: 'int24', channels: 2, rateHz: 48_000, dataOffsetBytes: TAKE_HEADER_BYTES, length: FRAMES })
  expect(await openMedia(ctx).openPcm(path)).toEqual({ path, format: 'int24', channels: 2, dataOffsetBytes: TAKE_HEADER_BYTES, length: FRAMES })
  expect(firstWrongFrame(await readAt(path, TAKE_HEADER_BYTES, 60_000), 2)).toBe(-1)
  expect(firstWrongFrame(await readAt(path, TAKE_HEADER_BYTES + (FRAMES - 10_000) * 6, 60_000), 2, [], FRAMES - 10_000)).toBe(-1)
}

describe('a take past 4 GiB', () => {
  it('is written as RF64 while it grows, and every reader sees its full length', async () => {
    const path = join(ctx.folders.takes, 'large.wav')
    const journal = await writeLarge(path)
    // Not closed yet: the sizes are true at each refresh.
    expect(decodeTakeHeader(await readAt(path, 0, TAKE_HEADER_BYTES))).toEqual({ channels: 2, claimedBytes: FRAMES * 6 })
    expect(await journal.close()).toEqual({ frames: FRAMES, failure: null })
    expect((await stat(path)).size).toBe(size)
    await expectWhole(path)
  })

  it('is recovered from a header that still says nothing, to the last whole frame', async () => {
    const path = join(ctx.folders.takes, 'killed.wav')
    await (await writeLarge(path)).close()
    await using file = await open(path, 'r+')
    // What a kill before the first refresh leaves: a RIFF of no length and half a frame at the end.
    const { encodeTakeHeader } = await import('../../../main/station/recorder/wav-header.ts')
    await file.write(encodeTakeHeader(2, 0), 0, TAKE_HEADER_BYTES, 0)
    await truncate(path, size + 4)
    expect(await repairTake(path, null)).toEqual({ kind: 'repaired', frames: FRAMES, channels: 2 })
    await expectWhole(path)
  })

  it('has its length seen by ffmpeg too', async () => {
    const path = join(ctx.folders.takes, 'probe.wav')
    await (await writeLarge(path)).close()
    const probe = await openMedia(ctx).probe(path, new AbortController().signal)
    expect(probe).toMatchObject({ codec: 'pcm_s24le', channels: 2, rateHz: 48_000 })
    expect(Math.abs((probe.declaredSeconds ?? 0) - FRAMES / 48_000)).toBeLessThan(0.1)
  })
})
