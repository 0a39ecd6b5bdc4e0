import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Item } from '#contract/library.ts'
import { callerWith, callRoom, openTestContext } from '../../support/context.ts'
import { lan, openLibraryBench } from '../../support/library-room.ts'
import type { LibraryBench } from '../../support/library-room.ts'
import { openLibrary } from '../../../main/station/library/index.ts'
import { openMedia } from '../../../main/station/media/index.ts'
import { babble, ffmpegMake, noise, sine, writeWav } from '../../support/signals.ts'
import { deferred, within } from '../../support/waiting.ts'

let seed = 0
async function oneItem({ library, desk }: LibraryBench, title = 'Bản tin'): Promise<Item> {
  const path = await writeWav(join(desk, `${++seed}.wav`), noise({ dbfs: -20, seconds: 0.5, seed }))
  return library.importFile(path, { who: lan, title }).item
}

describe('the way of an item to the air', () => {
  it('goes by draft, submitted, returned, submitted, approved, withdrawn, and the audit remembers', async () => {
    await using bench = await openLibraryBench()
    const { library, ctx } = bench
    const changes: string[] = []
    ctx.events.on('library.changed', ({ itemId }) => changes.push(itemId))
    let item = await oneItem(bench)
    const step = async (name: 'library.submit' | 'library.approve' | 'library.withdraw') => {
      item = await callRoom(library, name, { itemId: item.id, rev: item.rev }, callerWith('approver', 'recorder'))
      return item.state
    }
    expect(item.state).toBe('draft')
    expect(await step('library.submit')).toBe('submitted')
    item = await callRoom(library, 'library.return', { itemId: item.id, rev: item.rev, note: 'Thiếu giờ phát' }, callerWith('approver'))
    expect(item).toMatchObject({ state: 'returned', returnedNote: 'Thiếu giờ phát' })
    expect(await step('library.submit')).toBe('submitted')
    expect(await step('library.approve')).toBe('approved')
    expect(item.approvedBy).not.toBeNull()
    expect(item.approvedAt).toBeGreaterThan(0)
    expect(await step('library.withdraw')).toBe('withdrawn')
    expect(item).toMatchObject({ approvedBy: null, approvedAt: null })
    await expect(step('library.approve')).rejects.toMatchObject({ code: 'step-refused' })
    expect(ctx.db.prepare('SELECT action FROM audit WHERE subject = ? ORDER BY seq').pluck().all(item.id)).toEqual(['library.import', 'library.submit', 'library.return', 'library.submit', 'library.approve', 'library.withdraw'])
    expect(changes.filter((id) => id === item.id).length).toBe(6)
  })

  it('needs the role of an approver', async () => {
    await using bench = await openLibraryBench()
    const item = await oneItem(bench)
    await expect(callRoom(bench.library, 'library.approve', { itemId: item.id, rev: item.rev }, callerWith('recorder', 'editor'))).rejects.toMatchObject({ code: 'forbidden' })
    expect(bench.library.get(item.id)?.state).toBe('draft')
  })

  it('refuses a stale hand, whatever it wants to do', async () => {
    await using bench = await openLibraryBench()
    const { library } = bench
    const item = await oneItem(bench)
    await callRoom(library, 'library.update', { itemId: item.id, rev: item.rev, title: 'Của Lan' }, callerWith('recorder'))
    const all = callerWith('administrator')
    const stale = { itemId: item.id, rev: item.rev }
    for (const name of ['library.submit', 'library.approve', 'library.withdraw', 'library.remove'] as const) await expect(callRoom(library, name, stale, all)).rejects.toMatchObject({ code: 'stale' })
    await expect(callRoom(library, 'library.update', { ...stale, title: 'Của Hòa' }, all)).rejects.toMatchObject({ code: 'stale' })
    expect(library.get(item.id)?.title).toBe('Của Lan')
  })

  it('locks what was submitted or approved, except tags and note', async () => {
    await using bench = await openLibraryBench()
    const { library } = bench
    let item = library.approve((await oneItem(bench)).id, lan)
    const all = callerWith('administrator')
    await expect(callRoom(library, 'library.update', { itemId: item.id, rev: item.rev, title: 'Khác' }, all)).rejects.toMatchObject({ code: 'item-locked' })
    await expect(callRoom(library, 'library.remove', { itemId: item.id, rev: item.rev }, all)).rejects.toMatchObject({ code: 'item-locked' })
    item = await callRoom(library, 'library.update', { itemId: item.id, rev: item.rev, title: item.title, tags: ['Thời tiết', 'Thời tiết', 'xã'], note: 'phát lại buổi chiều' }, all)
    expect(item).toMatchObject({ state: 'approved', tags: ['Thời tiết', 'xã'], note: 'phát lại buổi chiều' })
    expect(item.approvedAt).not.toBeNull()
  })

  it('sends an edited returned item back to edited', async () => {
    await using bench = await openLibraryBench()
    const { library } = bench
    const all = callerWith('administrator')
    let item = await oneItem(bench)
    item = await callRoom(library, 'library.submit', { itemId: item.id, rev: item.rev }, all)
    item = await callRoom(library, 'library.return', { itemId: item.id, rev: item.rev, note: 'sửa tên' }, all)
    item = await callRoom(library, 'library.update', { itemId: item.id, rev: item.rev, title: 'Tên mới' }, all)
    expect(item).toMatchObject({ state: 'edited', title: 'Tên mới' })
  })
})

describe('several items at once', () => {
  it('get their tags all or none, and one answer is enough to take it back', async () => {
    await using bench = await openLibraryBench()
    const { library } = bench
    const items = [await oneItem(bench), await oneItem(bench), library.approve((await oneItem(bench)).id, lan)]
    const before = items.map(({ tags }) => tags)
    const { items: tagged } = await callRoom(library, 'library.retag', { changes: items.map(({ id, rev, tags }) => ({ itemId: id, rev, tags: [...tags, 'Tết', 'Tết'] })) }, callerWith('recorder'))
    expect(tagged.map(({ tags, state }) => [tags, state])).toEqual([[['Tết'], 'draft'], [['Tết'], 'draft'], [['Tết'], 'approved']])
    const changes: string[] = []
    bench.ctx.events.on('library.changed', ({ itemId }) => changes.push(itemId))
    const one = tagged[1]
    await expect(callRoom(library, 'library.retag', { changes: tagged.map(({ id, rev }) => ({ itemId: id, rev: id === one?.id ? rev - 1 : rev, tags: ['hỏng'] })) })).rejects.toMatchObject({ code: 'stale' })
    expect(library.list().map(({ tags }) => tags)).toEqual([['Tết'], ['Tết'], ['Tết']])
    expect(changes).toEqual([])
    await callRoom(library, 'library.retag', { changes: tagged.map(({ id, rev }, n) => ({ itemId: id, rev, tags: before[n] ?? [] })) })
    expect(library.list().map(({ tags }) => tags)).toEqual([[], [], []])
  })

  it('are submitted and approved each by its own answer', async () => {
    await using bench = await openLibraryBench()
    const { library } = bench
    const [draft, ready, lost] = [await oneItem(bench), library.approve((await oneItem(bench)).id, lan), await oneItem(bench)]
    const refs = (...items: Item[]) => ({ items: items.map(({ id }) => ({ itemId: id, rev: library.get(id)?.rev ?? 0 })) })
    const submitted = await callRoom(library, 'library.submitMany', refs(draft, ready, lost), callerWith('recorder'))
    expect(submitted.done.map(({ id, state }) => [id, state])).toEqual([[draft.id, 'submitted'], [lost.id, 'submitted']])
    expect(submitted.refused).toMatchObject([{ itemId: ready.id, error: { code: 'step-refused', data: { state: 'approved' } } }])
    await expect(callRoom(library, 'library.approveMany', refs(draft), callerWith('recorder'))).rejects.toMatchObject({ code: 'forbidden' })
    await rm(join(bench.ctx.folders.media, `${lost.sha256}.wav`))
    await library.pcmOf(lost.id)
    const approved = await callRoom(library, 'library.approveMany', refs(draft, lost), callerWith('approver'))
    expect(approved.done.map(({ id, state }) => [id, state])).toEqual([[draft.id, 'approved']])
    expect(approved.refused).toMatchObject([{ itemId: lost.id, error: { code: 'file-missing' } }])
    expect((await callRoom(library, 'library.items', { itemIds: [lost.id, draft.id, bench.ctx.newId()] })).items.map(({ id }) => id)).toEqual([lost.id, draft.id])
  })
})

describe('content', () => {
  it('comes in once: the second file with the same bytes is named after the first item', async () => {
    await using bench = await openLibraryBench()
    const { library, desk } = bench
    await writeWav(join(desk, 'a.wav'), babble(2))
    await writeWav(join(desk, 'b.wav'), babble(2))
    const imports = [library.importFile(join(desk, 'a.wav'), { who: lan, title: 'Tin một' }), library.importFile(join(desk, 'b.wav'), { who: lan, title: 'Tin hai' })]
    const outcomes = await Promise.allSettled(imports.map(({ item }) => item))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [kept] = library.list()
    const refused = outcomes.find((outcome) => outcome.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: 'duplicate', data: { title: kept?.title, itemId: kept?.id } })
    expect(library.list().length).toBe(1)
    expect((await bench.kept()).length).toBe(3)
    expect((await library.pcmOf(kept?.id ?? ''))?.length).toBe(kept?.lengthSamples)
    expect((await callRoom(library, 'library.quarantine', {})).files).toEqual([])
  })

  it('removed from the library keeps its number for ever, and may come in again', async () => {
    await using bench = await openLibraryBench()
    const { library, desk } = bench
    const path = await writeWav(join(desk, 'a.wav'), babble(2))
    const first = await library.importFile(path, { who: lan }).item
    await callRoom(library, 'library.remove', { itemId: first.id, rev: first.rev }, callerWith('editor'))
    expect(library.get(first.id)).toBeNull()
    expect(await library.pcmOf(first.id)).toBeNull()
    expect((await callRoom(library, 'library.list', {})).total).toBe(0)
    const again = await library.importFile(path, { who: lan }).item
    expect([first.number, again.number]).toEqual([1, 2])
  })
})

describe('the search', () => {
  it('ignores marks, matches beginnings, filters, pages and is never fooled by query syntax', async () => {
    await using bench = await openLibraryBench()
    const { library } = bench
    const titles = ['Bản tin thời tiết', 'Đài truyền thanh xã Đường Lâm', 'Tin "nóng" AND (OR) *', 'Ca khúc về làng']
    const made: Item[] = []
    for (const title of titles) made.push(await oneItem(bench, title))
    library.approve(made[0]?.id ?? '', lan)
    const find = async (query: string, more: object = {}) => (await callRoom(library, 'library.list', { query, ...more })).items.map((item) => item.title)
    expect(await find('duong lam')).toEqual([titles[1]])
    expect(await find('ĐƯỜNG')).toEqual([titles[1]])
    expect(await find('thoi ti')).toEqual([titles[0]])
    expect(await find('tin')).toEqual([titles[2], titles[0]])
    expect(await find('"nóng" AND (OR')).toEqual([titles[2]])
    expect(await find('NEAR(')).toEqual([])
    expect(await find('***')).toEqual([])
    expect(await find('4')).toEqual([titles[3]])
    expect(await find('', { states: ['approved'] })).toEqual([titles[0]])
    expect(await find('', { kinds: ['music'] })).toEqual([])
    expect(await find('', { limit: 2, offset: 1 })).toEqual([titles[2], titles[1]])
    expect((await callRoom(library, 'library.list', { limit: 1 })).total).toBe(4)
    const item = library.list()[0]
    await callRoom(library, 'library.update', { itemId: item?.id ?? '', rev: item?.rev ?? 0, tags: ['Dân ca quan họ'] }, callerWith('recorder'))
    expect(await find('quan ho')).toEqual([titles[3]])
  })
})

describe('the watch folder', () => {
  it('imports what stays still, once per content and start, and never touches the files', async () => {
    await using bench = await openLibraryBench()
    const { ctx, library, desk } = bench
    const existing = await writeWav(join(desk, 'có sẵn.wav'), noise({ dbfs: -20, seconds: 0.5, seed: 91 }))
    let jobs = 0
    ctx.events.on('jobs.changed', (job) => {
      if (job.state === 'queued') jobs++
    })
    const imported = async (count: number) => {
      const done = deferred()
      const stop = ctx.events.on('library.changed', () => {
        if (library.list().length >= count) done.resolve()
      })
      if (library.list().length < count) await within(done.promise, 20_000, `${count} items`)
      stop()
    }
    ctx.settings.update({ watchFolder: desk })
    await imported(1)
    await writeFile(join(desk, 'tải dở.wav.part'), 'x')
    await writeWav(join(desk, 'đến sau.wav'), noise({ dbfs: -20, seconds: 0.5, seed: 92 }))
    await imported(2)
    expect(library.list().map((item) => item.createdBy)).toEqual(['watch-folder', 'watch-folder'])
    await writeFile(join(desk, 'hỏng.mp3'), 'văn bản')
    const refused = deferred()
    ctx.events.on('library.quarantineChanged', () => refused.resolve())
    await within(refused.promise, 20_000, 'the quarantine')
    expect((await stat(existing)).size).toBeGreaterThan(0)
    // Off and on again: everything has its answer already.
    const before = jobs
    ctx.settings.update({ watchFolder: null })
    ctx.settings.update({ watchFolder: desk })
    await writeWav(join(desk, 'thứ ba.wav'), noise({ dbfs: -20, seconds: 0.5, seed: 93 }))
    await imported(3)
    expect(jobs).toBe(before + 1)
    expect((await callRoom(library, 'library.quarantine', {})).files.length).toBe(1)
  })

  it('never reads the data of the station itself', async () => {
    await using bench = await openLibraryBench()
    const { ctx, library } = bench
    await oneItem(bench)
    const noticed = deferred<string>()
    ctx.events.on('station.notice', (notice) => noticed.resolve(notice.error.code))
    ctx.settings.update({ watchFolder: ctx.folders.mezzanine })
    expect(await within(noticed.promise, 5_000, 'the notice')).toBe('invalid-input')
    // A folder above it is watched, without the data folder in it.
    const outer = join(bench.desk, 'outer')
    await mkdir(outer)
    const above = await openLibraryBench({ folder: join(outer, 'data') })
    await oneItem(above, 'Có sẵn')
    const path = await writeWav(join(outer, 'mới.wav'), noise({ dbfs: -20, seconds: 0.5, seed: 777 }))
    const done = deferred()
    above.ctx.events.on('library.changed', () => done.resolve())
    above.ctx.settings.update({ watchFolder: outer })
    await within(done.promise, 20_000, 'the new file')
    await expect.poll(() => above.ctx.db.prepare('SELECT path FROM library_watched').pluck().all(), { timeout: 20_000 }).toEqual([path])
    expect(library.list().length).toBe(1)
    await above[Symbol.asyncDispose]()
  })

  it('that does not exist is a notice, not a failed start', async () => {
    await using bench = await openLibraryBench()
    const noticed = deferred<string>()
    bench.ctx.events.on('station.notice', (notice) => noticed.resolve(notice.error.code))
    bench.ctx.settings.update({ watchFolder: join(bench.desk, 'not-there') })
    expect(await within(noticed.promise, 5_000, 'the notice')).toBe('file-missing')
  })
})

describe('a start', () => {
  it('goes on with the imports that the last stop interrupted', async () => {
    await using first = await openTestContext()
    const media = openMedia(first)
    const desk = first.folders.root
    const path = await writeWav(join(desk, 'interrupted.wav'), noise({ dbfs: -20, seconds: 0.5 }))
    first.db.prepare('INSERT INTO library_unfinished (id, path, wish, attempts, at) VALUES (?, ?, ?, ?, ?)').run(first.newId(), path, JSON.stringify({ who: lan, title: 'Dở dang' }), 1, 0)
    first.db.prepare('INSERT INTO library_unfinished (id, path, wish, attempts, at) VALUES (?, ?, ?, ?, ?)').run(first.newId(), join(desk, 'crasher.mp3'), JSON.stringify({ who: lan }), 3, 0)
    await writeFile(join(first.folders.media, 'x.import.1-1.part'), 'half')
    const done = deferred()
    first.events.on('library.changed', () => done.resolve())
    const library = await openLibrary(first, { media })
    await within(done.promise, 20_000, 'the interrupted import')
    expect(library.list()).toMatchObject([{ title: 'Dở dang', createdBy: 'Lan' }])
    expect((await callRoom(library, 'library.quarantine', {})).files.map((file) => file.fileName)).toEqual(['crasher.mp3'])
    await expect(stat(join(first.folders.media, 'x.import.1-1.part'))).rejects.toMatchObject({ code: 'ENOENT' })
    expect(first.db.prepare('SELECT count(*) FROM library_unfinished').pluck().get()).toBe(0)
  })

  it('keeps an import that was running when the station stopped for the next one', async () => {
    const bench = await openLibraryBench()
    const path = await writeWav(join(bench.desk, 'a.wav'), noise({ dbfs: -20, seconds: 60 }), { rateHz: 44_100 })
    const { item } = bench.library.importFile(path, { who: lan })
    item.catch(() => undefined)
    const running = deferred()
    bench.ctx.events.on('jobs.changed', (job) => {
      if (job.state === 'running') running.resolve()
    })
    await running.promise
    await bench.ctx.scope.dispose()
    await expect(item).rejects.toMatchObject({ code: 'cancelled' })
    expect(bench.ctx.db.prepare('SELECT path FROM library_unfinished').pluck().all()).toEqual([path])
    await bench[Symbol.asyncDispose]()
  })

  it('survives a damaged row: it is put aside and the others are there', async () => {
    await using bench = await openLibraryBench()
    const good = await oneItem(bench)
    const bad = await oneItem(bench)
    bench.ctx.db.prepare("UPDATE library_items SET tags = '{broken' WHERE id = ?").run(bad.id)
    expect(bench.library.list().map((item) => item.id)).toEqual([good.id])
    expect(bench.library.get(bad.id)).toBeNull()
    expect(bench.ctx.inside.notices.list().map((notice) => notice.error.code)).toEqual(['record-unreadable'])
  })

  it('without the media disk deletes nothing, flags the items and takes them back when the disk is there', async () => {
    await using bench = await openLibraryBench()
    const { ctx, library } = bench
    const item = await oneItem(bench)
    await rename(ctx.folders.media, `${ctx.folders.media}-away`)
    expect(await library.pcmOf(item.id)).toBeNull()
    expect(library.get(item.id)?.fileMissing).toBe(true)
    expect(() => library.approve(item.id, lan)).toThrow('file-missing')
    expect(ctx.inside.notices.list().map((notice) => notice.error.code)).toEqual(['file-missing'])
    await rename(`${ctx.folders.media}-away`, ctx.folders.media)
    expect(await library.pcmOf(item.id)).not.toBeNull()
    expect(library.get(item.id)?.fileMissing).toBeUndefined()
    expect(library.approve(item.id, lan).state).toBe('approved')
  })
})

describe('what was made from an original', () => {
  it('comes back identical after a purge', async () => {
    await using bench = await openLibraryBench()
    const { ctx, library, desk } = bench
    await writeWav(join(desk, 's.wav'), babble(3))
    await ffmpegMake('-i', join(desk, 's.wav'), '-c:a', 'libmp3lame', join(desk, 's.mp3'))
    const item = await library.importFile(join(desk, 's.mp3'), { who: lan }).item
    const mezzanine = join(ctx.folders.mezzanine, `${item.sha256}.wav`)
    const before = await readFile(mezzanine)
    await rm(mezzanine)
    const back = deferred()
    ctx.events.on('library.changed', () => {
      if (library.get(item.id)?.fileMissing === undefined) back.resolve()
    })
    expect(await library.pcmOf(item.id)).toBeNull()
    await within(back.promise, 20_000, 'the rebuilt mezzanine')
    expect((await readFile(mezzanine)).equals(before)).toBe(true)
    expect((await library.pcmOf(item.id))?.length).toBe(item.lengthSamples)
  })

  it('is served with ranges: original, PCM and peaks, the latter rebuilt when purged', async () => {
    await using bench = await openLibraryBench()
    const { ctx, library, desk } = bench
    await writeWav(join(desk, 's.wav'), sine({ hz: 300, dbfs: -10, seconds: 2 }))
    await ffmpegMake('-i', join(desk, 's.wav'), '-c:a', 'flac', join(desk, 's.flac'))
    const item = await library.importFile(join(desk, 's.flac'), { who: lan }).item
    const server = createServer((request, response) => {
      const [, prefix = '', rest = ''] = (request.url ?? '').split('/')
      void ctx.inside.routes.find('files', prefix)?.(request, response, rest)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const base = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
    try {
      const original = await fetch(`${base}/media/${item.id}`)
      expect(original.headers.get('content-type')).toBe('audio/flac')
      expect(Buffer.from(await original.arrayBuffer()).equals(await readFile(join(desk, 's.flac')))).toBe(true)
      const part = await fetch(`${base}/pcm/${item.id}`, { headers: { range: 'bytes=80-99' } })
      expect([part.status, part.headers.get('content-length')]).toEqual([206, '20'])
      const peaks = Buffer.from(await (await fetch(`${base}/peaks/${item.id}`)).arrayBuffer())
      await rm(join(ctx.folders.peaks, `${item.sha256}.dat`))
      expect(Buffer.from(await (await fetch(`${base}/peaks/${item.id}`)).arrayBuffer()).equals(peaks)).toBe(true)
      for (const path of ['media/nothing', 'pcm/nothing', 'peaks/..%2f..%2fx', 'media/']) expect((await fetch(`${base}/${path}`)).status).toBe(404)
    } finally {
      server.close()
    }
  })
})
