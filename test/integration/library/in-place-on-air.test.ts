import { rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileEdl, edit, emptyEdl } from '#common/edl/index.ts'
import type { Command, Edl } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import type { Item } from '#contract/library.ts'
import { openAir } from '../../../main/station/air/index.ts'
import { planPath, readPlan, writePlan } from '../../../main/station/air/plan-file.ts'
import { mixToWav } from '../../../main/station/editor/render.ts'
import { openLog } from '../../../main/station/log/index.ts'
import { callRoom } from '../../support/context.ts'
import { lan, openLibraryBench } from '../../support/library-room.ts'
import type { LibraryBench } from '../../support/library-room.ts'
import { babble, writeWav } from '../../support/signals.ts'
import { readSignal } from '../../support/sound-room.ts'
import { recordTap } from '../../support/tap-recorder.ts'
import { deferred, within } from '../../support/waiting.ts'

const dateOf = (at: number): string => new Date(at + 7 * 3_600_000).toISOString().slice(0, 10)
async function approved(bench: LibraryBench, path: string): Promise<Item> {
  const item = await bench.library.importFile(path, { who: lan, keep: 'inPlace' }).item
  return bench.library.approve(item.id, lan)
}
/** An hour from now, on the day it falls on. */
const later = (bench: LibraryBench): number => Math.ceil((bench.ctx.clock.now() + 3_600_000) / 1000) * 1000

describe('a sound used in place, before and on the air', () => {
  it('that is moved away or changed is "not ready" in the log and leaves the plan; when it is back it is planned again', async () => {
    await using bench = await openLibraryBench()
    const { ctx, library, desk } = bench
    const air = openAir(ctx)
    const log = await openLog(ctx, { library, air })
    const path = await writeWav(join(desk, 'a.wav'), babble(2, 30))
    const item = await approved(bench, path)
    const at = later(bench)
    const broadcastDate = dateOf(at)
    const check = async () => (await callRoom(log, 'log.addLine', { broadcastDate, itemId: item.id, timing: { kind: 'hard', at }, afterLineId: null })).lines[0]?.lineState
    expect(await check()).toBe('ok')
    const now = async () => ({ check: (await callRoom(log, 'log.day', { broadcastDate })).lines[0]?.lineState, plays: log.plan().plays.length })
    await expect.poll(now, { timeout: 20_000 }).toEqual({ check: 'ok', plays: 1 })
    expect(log.plan().plays[0]?.pcm).toMatchObject({ path, stamp: { sizeBytes: item.sizeBytes } })
    // What the air starts from without a database knows it too.
    const file = planPath(ctx.folders.temp)
    writePlan(ctx.folders.root, file, { buses: [{ id: 'main', unitIds: [] }], resume: 'catchUp' }, log.plan())
    expect(readPlan(ctx.folders.root, file)).toMatchObject({ programme: { lines: [{ sound: { pcm: log.plan().plays[0]?.pcm } }] } })

    const away = join(ctx.folders.root, '..', `away-${item.id}.wav`)
    await rename(path, away)
    await callRoom(library, 'library.list', {})
    await expect.poll(now, { timeout: 20_000 }).toEqual({ check: 'noTake', plays: 0 })
    await rename(away, path)
    await library.prepare([item.id])
    await expect.poll(now, { timeout: 20_000 }).toEqual({ check: 'ok', plays: 1 })
    await writeWav(path, babble(2, 31))
    await library.prepare([item.id])
    await expect.poll(now, { timeout: 20_000 }).toEqual({ check: expect.stringMatching(/^(noTake|notReady)$/), plays: 0 })
  })

  it('sounds from its owner\'s folder, sample for sample', async () => {
    await using bench = await openLibraryBench()
    const { ctx, library, desk } = bench
    const air = openAir(ctx)
    const log = await openLog(ctx, { library, air })
    const path = await writeWav(join(desk, 'a.wav'), babble(2, 32), { format: 'int24' })
    const item = await approved(bench, path)
    const ended = deferred()
    air.onAsRun((row) => {
      if (row.endedAt !== null) ended.resolve()
    })
    await using recorder = await recordTap(air.tapPath)
    const at = Math.ceil((ctx.clock.now() + 2_500) / 1000) * 1000
    await callRoom(log, 'log.addLine', { broadcastDate: dateOf(at), itemId: item.id, timing: { kind: 'hard', at }, afterLineId: null })
    await within(ended.promise, 30_000, 'the end of the line')
    const tap = await recorder.stop()
    const pcm = await library.pcmOf(item.id)
    if (pcm === null) throw new Error('no sound')
    const [wanted] = await readSignal(pcm)
    const gain = 10 ** (item.playGainDb / 20)
    const first = wanted?.findIndex((value) => value !== 0) ?? 0
    const begin = tap.onset() - first
    let worst = 0
    for (let n = first; n < pcm.length; n++) worst = Math.max(worst, Math.abs((tap.left[begin + n] ?? 0) - (wanted?.[n] ?? 0) * gain))
    expect(worst).toBeLessThan(2e-7)
    expect((await bench.kept()).filter((name) => name.endsWith('.wav'))).toEqual([])
  })

  it('stops a render when it is written to meanwhile: nothing else is mixed in silently', async () => {
    await using bench = await openLibraryBench()
    const path = await writeWav(join(bench.desk, 'a.wav'), babble(3, 33))
    const item = await approved(bench, path)
    const pcm = await bench.library.pcmOf(item.id)
    if (pcm === null) throw new Error('no sound')
    const facts = { item: () => ({ itemId: item.id, title: item.title, sha256: item.sha256, channels: item.channels, length: samples(item.lengthSamples) }), newId: bench.ctx.newId, speech: () => null }
    const done = (edl: Edl, command: Command): Edl => {
      const made = edit(edl, command, facts)
      if ('refused' in made) throw new Error(made.refused)
      return made.edl
    }
    const lane = done(emptyEdl, { op: 'addLane', name: 'Lời' })
    const edl = done(lane, { op: 'insertItem', itemId: item.id, laneId: lane.lanes[0]?.id ?? '', at: samples(0), mode: 'insert' })
    const task = { plan: compileEdl(edl), places: [pcm], channels: 1 as const, target: join(bench.ctx.folders.temp, 'mix.wav') }
    await mixToWav(task, new AbortController().signal, () => undefined)
    expect((await stat(task.target)).size).toBeGreaterThan(pcm.length * 3)
    await writeWav(path, babble(3, 34))
    await expect(mixToWav({ ...task, target: join(bench.ctx.folders.temp, 'again.wav') }, new AbortController().signal, () => undefined)).rejects.toMatchObject({ code: 'file-changed' })
  })
})
