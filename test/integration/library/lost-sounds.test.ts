import { rename, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Item } from '#contract/library.ts'
import { callRoom } from '../../support/context.ts'
import { lan, openLibraryBench } from '../../support/library-room.ts'
import type { LibraryBench } from '../../support/library-room.ts'
import { babble, ffmpegMake, noise, writeWav } from '../../support/signals.ts'

const item = async ({ library, desk }: LibraryBench, seed: number): Promise<Item> => library.importFile(await writeWav(join(desk, `${seed}.wav`), noise({ dbfs: -20, seconds: 0.5, seed })), { who: lan, title: `Tin ${seed}` }).item
const shelfOf = ({ ctx }: LibraryBench, { sha256 }: Item): string => join(ctx.folders.media, `${sha256}.wav`)
/** What windows are told of an item, in order. */
function heard(bench: LibraryBench, { id }: Item): (boolean | undefined)[] {
  const told: (boolean | undefined)[] = []
  bench.ctx.events.on('library.changed', ({ itemId }) => {
    if (itemId === id) told.push(bench.library.get(id)?.fileMissing)
  })
  return told
}
const notices = ({ ctx }: LibraryBench) => ctx.inside.notices.list().map(({ level, error }) => [level, error.code, error.data?.['fileName']])

describe('a sound lost from its shelf', () => {
  it('is noticed when a page of the library shows it, and windows are told without having asked for the sound', async () => {
    await using bench = await openLibraryBench()
    const [one, other] = [await item(bench, 1), await item(bench, 2)]
    const told = heard(bench, one)
    const away = join(bench.desk, 'away.wav')
    await rename(shelfOf(bench, one), away)
    // The answer is of this moment; what is found behind it comes as an event.
    expect((await callRoom(bench.library, 'library.list', {})).total).toBe(2)
    await expect.poll(() => told, { timeout: 10_000 }).toEqual([true])
    expect(bench.library.get(other.id)?.fileMissing).toBeUndefined()
    expect(notices(bench)).toEqual([['warning', 'file-missing', 'Tin 1']])
    await rename(away, shelfOf(bench, one))
    await expect.poll(async () => {
      await callRoom(bench.library, 'library.get', { itemId: one.id })
      return told
    }, { timeout: 10_000, interval: 500 }).toEqual([true, undefined])
  })

  it('is noticed by the station itself, and so is its return', async () => {
    await using bench = await openLibraryBench({ lookEveryMs: 100 })
    const one = await item(bench, 3)
    const told = heard(bench, one)
    await rename(shelfOf(bench, one), join(bench.desk, 'away.wav'))
    await expect.poll(() => told, { timeout: 10_000 }).toEqual([true])
    await rename(join(bench.desk, 'away.wav'), shelfOf(bench, one))
    await expect.poll(() => told, { timeout: 10_000 }).toEqual([true, undefined])
  })

  it('may also have been cut short', async () => {
    await using bench = await openLibraryBench()
    const one = await item(bench, 4)
    await truncate(shelfOf(bench, one), 1_000)
    await callRoom(bench.library, 'library.get', { itemId: one.id })
    await expect.poll(() => bench.library.get(one.id)?.fileMissing, { timeout: 10_000 }).toBe(true)
  })

  it('with a whole disk is one alarm, not one message for each', async () => {
    await using bench = await openLibraryBench({ lookEveryMs: 100 })
    const many: Item[] = []
    for (let seed = 10; seed < 18; seed++) many.push(await item(bench, seed))
    await rename(bench.ctx.folders.media, `${bench.ctx.folders.media}-away`)
    await expect.poll(() => bench.library.list().filter(({ fileMissing }) => fileMissing === true).length, { timeout: 10_000 }).toBe(8)
    await expect.poll(() => notices(bench).length, { timeout: 10_000 }).toBe(1)
    expect(notices(bench)[0]?.slice(0, 2)).toEqual(['alarm', 'file-missing'])
    await rename(`${bench.ctx.folders.media}-away`, bench.ctx.folders.media)
    await expect.poll(() => bench.library.list().filter(({ fileMissing }) => fileMissing === true).length, { timeout: 10_000 }).toBe(0)
    expect(many.length).toBe(8)
  })

  it('is not lost while its original or its 48 kHz copy is there, and nothing is made again only because somebody looked', async () => {
    await using bench = await openLibraryBench({ lookEveryMs: 100 })
    const { ctx, library, desk } = bench
    await writeWav(join(desk, 's.wav'), babble(2))
    await ffmpegMake('-i', join(desk, 's.wav'), '-c:a', 'libmp3lame', join(desk, 's.mp3'))
    const one = await library.importFile(join(desk, 's.mp3'), { who: lan }).item
    const told = heard(bench, one)
    const jobs = () => ctx.inside.jobs.list().length
    const before = jobs()
    await rm(join(ctx.folders.mezzanine, `${one.sha256}.wav`))
    await callRoom(library, 'library.list', {})
    await callRoom(library, 'library.get', { itemId: one.id })
    // A file of another item tells that rounds have passed since.
    const other = await item(bench, 20)
    await rm(shelfOf(bench, other))
    await expect.poll(() => library.get(other.id)?.fileMissing, { timeout: 10_000 }).toBe(true)
    expect(told).toEqual([])
    expect(jobs()).toBe(before + 1)
    await rename(join(ctx.folders.media, `${one.sha256}.mp3`), join(desk, 'away.mp3'))
    await expect.poll(() => told, { timeout: 10_000 }).toEqual([true])
  })
})
