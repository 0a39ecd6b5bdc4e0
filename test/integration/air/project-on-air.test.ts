import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { samples } from '#common/units/samples.ts'
import { openAir } from '../../../main/station/air/index.ts'
import { openLog } from '../../../main/station/log/index.ts'
import { callRoom, openTestContext } from '../../support/context.ts'
import type { TestContext } from '../../support/context.ts'
import type { Wish } from '../../support/edits.ts'
import { exported, played, projectOf, rangeFromDisk, speechMusicCounter } from '../../support/heard.ts'
import { shelfOfSounds } from '../../support/shelf-of-sounds.ts'
import { recordTap } from '../../support/tap-recorder.ts'
import { deferred, within } from '../../support/waiting.ts'

let ctx: TestContext
let folder = ''
beforeEach(async () => {
  ctx = await openTestContext()
  folder = await mkdtemp(join(tmpdir(), 'vangxa-project-on-air-'))
})
afterEach(async () => {
  await ctx[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

describe('a project on the air', () => {
  it('sounds at the program tap bit by bit as it sounded in the editor: cuts, a crossfade, an envelope and the limiter', async () => {
    const files = await speechMusicCounter(folder)
    const run: Wish[] = [
      { op: 'trimTo', range: { start: samples(0), end: samples(120_000) }, lane: 0, all: true },
      { op: 'deleteRange', range: { start: samples(20_000), end: samples(26_000) }, ripple: true, lane: 0, all: false },
      { op: 'crossfade', clip: 1, length: samples(3_000), shape: 'equalPower' },
      { op: 'setEnvelope', clip: 0, points: [{ share: 10, gainDb: 3 }, { share: 60, gainDb: -6 }] },
    ]
    const edl = { ...projectOf(run, files), master: { gainDb: 9, limiter: true, ceilingDbtp: -1 } }
    const heard = await played(edl, files, rangeFromDisk)
    const pcm = await exported(edl, files, join(folder, 'programme.wav'), 'float32')

    const shelf = shelfOfSounds(ctx)
    const item = shelf.put('Chương trình', pcm.length)
    const air = openAir(ctx, {})
    const ended = deferred()
    air.onAsRun((row) => {
      if (row.endedAt !== null) ended.resolve()
    })
    const log = await openLog(ctx, { library: { ...shelf, approvedPcmOf: () => Promise.resolve(pcm) }, air })
    await using recorder = await recordTap(air.tapPath)
    const at = Math.ceil((ctx.clock.now() + 1_500) / 1000) * 1000
    const broadcastDate = new Date(at + 7 * 3_600_000).toISOString().slice(0, 10)
    await callRoom(log, 'log.addLine', { broadcastDate, itemId: item.id, timing: { kind: 'hard', at }, afterLineId: null })
    await within(ended.promise, 30_000, 'the end of the programme')
    const tap = await recorder.stop()

    expect(tap.missing).toBe(0)
    const first = heard[0]?.findIndex((value) => value !== 0) ?? -1
    const begin = tap.onset() - first
    for (const [c, channel] of [tap.left, tap.right].entries()) {
      const wanted = heard[c] ?? heard[0] ?? new Float32Array(0)
      expect(Buffer.from(channel.slice(begin, begin + pcm.length).buffer).equals(Buffer.from(wanted.buffer, wanted.byteOffset, wanted.byteLength))).toBe(true)
      expect(channel.slice(begin + pcm.length).every((value) => value === 0)).toBe(true)
    }
  })
})
