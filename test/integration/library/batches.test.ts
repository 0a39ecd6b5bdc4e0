import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ImportBatch } from '#contract/library.ts'
import { walk } from '../../../main/station/library/walk.ts'
import { callRoom } from '../../support/context.ts'
import { openLibraryBench } from '../../support/library-room.ts'
import type { LibraryBench } from '../../support/library-room.ts'
import { amrBytes, babble, ffmpegMake, noise, writeWav } from '../../support/signals.ts'
import { within } from '../../support/waiting.ts'

const ended = (bench: Pick<LibraryBench, 'ctx'>, batchId: string): Promise<ImportBatch> => within(new Promise<ImportBatch>((resolve) => {
  bench.ctx.events.on('library.batchChanged', (batch) => {
    if (batch.id === batchId && batch.endedAt !== null) resolve(batch)
  })
}), 60_000, 'the end of the batch')
const start = async (bench: LibraryBench, ...paths: string[]): Promise<ImportBatch> => {
  const { batchId } = await callRoom(bench.library, 'library.importBatch', { paths })
  return ended(bench, batchId)
}
const filesOf = async (bench: LibraryBench, batchId: string) => (await callRoom(bench.library, 'library.batchFiles', { batchId })).files

/** What a reporter's phone and camera leave behind, in the folders of a day. */
async function reportersFolder(desk: string): Promise<string> {
  const root = join(desk, 'Tin ngày 21-11')
  await mkdir(join(root, 'Thôn 3', 'họp dân'), { recursive: true })
  await mkdir(join(root, '.thumbnails'))
  const speech = await writeWav(join(desk, 'speech.wav'), babble(3, 21))
  await ffmpegMake('-i', speech, '-c:a', 'aac', '-b:a', '64k', join(root, 'Phỏng_vấn chị Hoa.m4a'))
  await ffmpegMake('-i', speech, '-c:a', 'aac', '-ar', '16000', '-ac', '1', '-f', '3gp', join(root, 'Thôn 3', 'VID 2.3gp'))
  await ffmpegMake('-i', speech, '-c:a', 'libopus', '-b:a', '24k', '-f', 'ogg', join(root, 'Thôn 3', 'họp dân', 'PTT-20251121-WA0004.opus'))
  await writeFile(join(root, 'Thôn 3', 'VOICE 10.amr'), amrBytes(150, 4))
  await writeFile(join(root, 'Thôn 3', 'VOICE 9.amr'), amrBytes(150, 5))
  await writeFile(join(root, 'Thôn 3', 'bản sao.amr'), amrBytes(150, 5))
  await writeFile(join(root, 'hỏng.mp3'), 'Đây không phải âm thanh.\n'.repeat(80))
  await writeFile(join(root, 'kịch bản.docx'), 'không mở')
  await writeFile(join(root, '.thumbnails', 'x.amr'), amrBytes(3))
  await writeFile(join(root, '~đang chép.m4a'), 'x')
  await symlink('/', join(root, 'liên kết'))
  return root
}

describe('a folder of reporters\' files', () => {
  it('comes in as one batch with an answer for every file, titles from names and tags from folders', async () => {
    await using bench = await openLibraryBench()
    const root = await reportersFolder(bench.desk)
    const batch = await start(bench, root)
    expect(batch).toMatchObject({ name: 'Tin ngày 21-11', state: 'done', total: 8, imported: 5, duplicate: 1, refused: 1, skipped: 1, cancelled: 0, leftOut: 0 })
    const files = await filesOf(bench, batch.id)
    expect(files.map((file) => [file.name, file.state])).toEqual([
      ['Tin ngày 21-11/hỏng.mp3', 'refused'], ['Tin ngày 21-11/kịch bản.docx', 'skipped'], ['Tin ngày 21-11/Phỏng_vấn chị Hoa.m4a', 'imported'],
      ['Tin ngày 21-11/Thôn 3/bản sao.amr', 'imported'], ['Tin ngày 21-11/Thôn 3/họp dân/PTT-20251121-WA0004.opus', 'imported'],
      ['Tin ngày 21-11/Thôn 3/VID 2.3gp', 'imported'], ['Tin ngày 21-11/Thôn 3/VOICE 9.amr', 'duplicate'], ['Tin ngày 21-11/Thôn 3/VOICE 10.amr', 'imported'],
    ])
    expect(files[0]?.error).toMatchObject({ code: 'file-not-audio', data: { fileName: 'hỏng.mp3' } })
    expect(files.find((file) => file.state === 'duplicate')?.itemId).toBe(files.find((file) => file.name.endsWith('bản sao.amr'))?.itemId)
    const items = new Map(bench.library.list().map((item) => [item.title, item]))
    expect(items.get('Phỏng vấn chị Hoa')?.tags).toEqual(['Tin ngày 21-11'])
    expect(items.get('PTT-20251121-WA0004')).toMatchObject({ tags: ['Tin ngày 21-11', 'Thôn 3', 'họp dân'], createdBy: 'Người thử' })
    expect(items.get('VOICE 10')?.codec).toMatch(/^amr/)
    for (const item of items.values()) expect((await bench.library.pcmOf(item.id))?.length, item.title).toBe(item.lengthSamples)
    // Refused files keep their second chance, and nothing of anybody's was touched.
    expect((await callRoom(bench.library, 'library.quarantine', {})).files.map((file) => file.fileName)).toEqual(['hỏng.mp3'])
    expect((await readFile(join(root, 'kịch bản.docx'), 'utf8'))).toBe('không mở')
  })

  it('brought a second time adds nothing and names the twins', async () => {
    await using bench = await openLibraryBench()
    const root = join(bench.desk, 'hai lần')
    await mkdir(root)
    await writeWav(join(root, 'một.wav'), babble(1, 3))
    await writeWav(join(root, 'hai.wav'), babble(1, 4))
    expect(await start(bench, root)).toMatchObject({ imported: 2 })
    const again = await start(bench, root)
    expect(again).toMatchObject({ imported: 0, duplicate: 2 })
    expect(new Set((await filesOf(bench, again.id)).map((file) => file.itemId))).toEqual(new Set(bench.library.list().map((item) => item.id)))
    expect((await callRoom(bench.library, 'library.batches', {})).batches.map((batch) => batch.id)[0]).toBe(again.id)
    await callRoom(bench.library, 'library.dismissBatch', { batchId: again.id })
    await expect(callRoom(bench.library, 'library.batchFiles', { batchId: again.id })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('can be cancelled: what is in stays in, the rest is named as cancelled', async () => {
    await using bench = await openLibraryBench()
    const root = join(bench.desk, 'nhiều')
    await mkdir(root)
    for (let n = 1; n <= 6; n++) await writeWav(join(root, `tin ${n}.wav`), noise({ dbfs: -20, seconds: 1, seed: n }))
    const { batchId } = await callRoom(bench.library, 'library.importBatch', { paths: [root] })
    const end = ended(bench, batchId)
    bench.ctx.events.on('library.batchChanged', (batch) => {
      if (batch.imported === 2 && batch.jobId !== null) bench.ctx.inside.jobs.cancel(batch.jobId)
    })
    const batch = await end
    expect(batch).toMatchObject({ state: 'cancelled', imported: 2, cancelled: 4, refused: 0 })
    expect(bench.library.list().length).toBe(2)
    expect((await callRoom(bench.library, 'library.quarantine', {})).files).toEqual([])
    expect((await bench.kept()).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('interrupted by the end of the station goes on at the next start, and a file that kills the station is refused at last', async () => {
    const root = await mkdtemp(join(tmpdir(), 'vangxa-dở-'))
    for (let n = 1; n <= 3; n++) await writeWav(join(root, `tin ${n}.wav`), noise({ dbfs: -20, seconds: 1, seed: 40 + n }))
    // As a kill would leave it: one file in, one being read for the third time, one waiting.
    const id = '01ARZ3NDEKTSV4RRFFQ69G5FB0'
    let end: Promise<ImportBatch> = Promise.reject(new Error('not started'))
    end.catch(() => undefined)
    await using bench = await openLibraryBench({ before: (ctx) => {
      const { db } = ctx
      db.prepare("INSERT INTO library_batches (id, name, roots, wish, state, started_at, left_out) VALUES (?, 'dở', ?, ?, 'running', 0, 0)").run(id, JSON.stringify([root]), JSON.stringify({ who: { personId: null, name: 'Lan' } }))
      const put = db.prepare('INSERT INTO library_batch_files (batch_id, seq, path, name, tags, size_bytes, state, attempts) VALUES (?, ?, ?, ?, ?, 1, ?, ?)')
      for (const [seq, state, attempts] of [[0, 'imported', 0], [1, 'running', 2], [2, 'waiting', 0]] as const) put.run(id, seq, join(root, `tin ${seq + 1}.wav`), `dở/tin ${seq + 1}.wav`, '["dở"]', state, attempts)
      end = ended({ ctx }, id)
    } })
    expect(await end).toMatchObject({ state: 'done', imported: 2, refused: 1, total: 3 })
    expect((await filesOf(bench, id)).map((file) => file.state)).toEqual(['imported', 'refused', 'imported'])
    expect(bench.library.list().map((item) => item.title)).toEqual(['tin 3'])
    await rm(root, { recursive: true })
  })

  it('is walked within bounds, and what is left out is counted', async () => {
    await using bench = await openLibraryBench()
    const root = join(bench.desk, 'rộng')
    await mkdir(join(root, 'a', 'b', 'c'), { recursive: true })
    for (let n = 0; n < 6; n++) await writeFile(join(root, `${n}.mp3`), 'x')
    await writeFile(join(root, 'a', 'b', 'c', 'sâu.mp3'), 'x')
    const { signal } = new AbortController()
    const few = await walk([root], { except: bench.ctx.folders.root, signal, bounds: { files: 4, depth: 2, entries: 100 } })
    expect([few.files.length, few.leftOut]).toEqual([4, 3])
    expect((await walk([root], { except: bench.ctx.folders.root, signal, bounds: { files: 100, depth: 9, entries: 3 } })).leftOut).toBeGreaterThan(0)
    await expect(walk([join(root, 'không có')], { except: bench.ctx.folders.root, signal })).rejects.toMatchObject({ code: 'file-missing', data: { fileName: 'không có' } })
    await expect(walk([bench.ctx.folders.media], { except: bench.ctx.folders.root, signal })).rejects.toMatchObject({ code: 'invalid-input' })
    await rm(root, { recursive: true })
  })
})
