import { open, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { prepareFolders } from '../../../main/station/foundation/folders.ts'
import { openSettings } from '../../../main/station/foundation/settings.ts'
import { backupsIn, DATABASE } from '../../../main/station/store/backups.ts'
import { isGoodDatabase } from '../../../main/station/store/check.ts'
import { holdFolder } from '../../../main/station/store/guard.ts'
import type { Migration } from '../../../main/station/store/migrate.ts'
import { migrations } from '../../../main/station/store/migrations/index.ts'
import { openStore } from '../../../main/station/store/open.ts'
import { rowReader } from '../../../main/station/store/rows.ts'
import { manualClock, memoryLogger, openTestContext, temporaryFolder } from '../../support/context.ts'

async function freshFolders() {
  const folder = await temporaryFolder()
  return { folders: prepareFolders(folder.path), clock: manualClock(), logger: memoryLogger(), [Symbol.asyncDispose]: folder.remove }
}

async function openNormal(options: Parameters<typeof openStore>[0]) {
  const store = await openStore(options)
  if (store.mode === 'safe') throw store.reason
  return store
}

describe('migrations', () => {
  it('bring a database of every earlier version up to date, with a copy before the first new step', async () => {
    const steps = [...migrations].sort((a, b) => a.id - b.id)
    for (let known = 0; known <= steps.length; known++) {
      await using place = await freshFolders()
      const old = await openNormal({ ...place, migrations: steps.slice(0, known) })
      const tables = old.db.prepare(`SELECT count(*) FROM sqlite_schema`).pluck().get()
      old.db.close()
      const now = await openNormal({ ...place, migrations })
      expect(now.db.prepare('SELECT id FROM schema_migrations ORDER BY id').pluck().all()).toEqual(steps.map(step => step.id))
      expect(now.db.pragma('foreign_key_check')).toEqual([])
      now.db.close()
      const copies = await now.backups.list()
      expect(copies.map(copy => copy.good)).toEqual(tables === 0 || known === 0 || known === steps.length ? [] : [true])
    }
  })

  it('that fail leave the steps before them and the database untouched', async () => {
    await using place = await freshFolders()
    const first: Migration = { id: 1, name: 'one', up: db => void db.exec('CREATE TABLE one (x INTEGER) STRICT; INSERT INTO one VALUES (7)') }
    const broken: Migration = { id: 2, name: 'two', up: db => void db.exec('CREATE TABLE two (x INTEGER) STRICT; DROP TABLE one; SELECT nonsense') }
    const store = await openStore({ ...place, migrations: [first, broken] })
    expect(store.mode).toBe('safe')
    const again = await openNormal({ ...place, migrations: [first] })
    expect(again.db.prepare('SELECT x FROM one').pluck().get()).toBe(7)
    expect(again.db.prepare(`SELECT count(*) FROM sqlite_schema WHERE name = 'two'`).pluck().get()).toBe(0)
    again.db.close()
  })

  it('of a newer program are not run over', async () => {
    await using place = await freshFolders()
    const later: Migration = { id: 9999, name: 'later', up: db => void db.exec('CREATE TABLE later (x INTEGER) STRICT') }
    const newer = await openNormal({ ...place, migrations: [...migrations, later] })
    newer.db.close()
    const store = await openStore({ ...place })
    expect(store.mode === 'safe' && store.reason).toMatchObject({ code: 'database-newer', data: { migration: '9999-later' } })
  })

  it('with one number for two steps are refused', async () => {
    await using place = await freshFolders()
    const twice: Migration = { id: 10, name: 'again', up: () => undefined }
    expect((await openStore({ ...place, migrations: [...migrations, twice] })).mode).toBe('safe')
  })

  it('have unique numbers and names', () => {
    expect(new Set(migrations.map(step => step.id)).size).toBe(migrations.length)
    expect(new Set(migrations.map(step => step.name)).size).toBe(migrations.length)
  })
})

describe('the database', () => {
  it('is opened with a journal, full syncing and foreign keys', async () => {
    await using ctx = await openTestContext()
    expect(ctx.db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(ctx.db.pragma('synchronous', { simple: true })).toBe(2)
    expect(ctx.db.pragma('foreign_keys', { simple: true })).toBe(1)
  })

  it.each([
    ['text', Buffer.from('this is not a database at all, only text'.repeat(50))],
    ['zeros', Buffer.alloc(8192)],
  ])('made of %s does not stop the start and is not touched', async (_, content) => {
    await using place = await freshFolders()
    const file = join(place.folders.database, DATABASE)
    await writeFile(file, content)
    const store = await openStore(place)
    expect(store.mode === 'safe' && store.reason.code).toBe('database-corrupt')
  })

  it('comes back from a good copy, and the damaged files stay beside it', async () => {
    await using place = await freshFolders()
    const store = await openNormal(place)
    store.db.prepare(`INSERT INTO rows_put_aside VALUES ('t', 'k', 'kept', 'r', 0)`).run()
    const copy = await store.backups.make(store.db, 'manual')
    expect(copy.good).toBe(true)
    store.db.prepare('DELETE FROM rows_put_aside').run()
    store.db.close()
    const file = join(place.folders.database, DATABASE)
    await writeFile(file, 'broken')
    expect((await openStore(place)).mode).toBe('safe')

    place.clock.advance(1000)
    await store.backups.stage(copy.file, place.folders.database)
    const back = await openNormal(place)
    expect(back.db.prepare('SELECT content FROM rows_put_aside').pluck().get()).toBe('kept')
    back.db.close()
    expect((await readdir(place.folders.database)).filter(name => name.startsWith(`${DATABASE}.damaged-`))).toHaveLength(1)
  })

  it('is not replaced by a damaged copy, a stranger, or a path', async () => {
    await using place = await freshFolders()
    const backups = backupsIn(place.folders, place.clock)
    const name = 'station-20250101-000000-daily.sqlite'
    await writeFile(join(place.folders.backups, name), 'broken')
    expect(await backups.list()).toMatchObject([{ file: name, good: false }])
    await expect(backups.stage(name, place.folders.database)).rejects.toEqual(expect.objectContaining({ code: 'backup-unusable' }))
    for (const file of ['../database/station.sqlite', '/etc/passwd', 'station-20250101-000001-daily.sqlite', `x/${name}`, '']) {
      await expect(backups.stage(file, place.folders.database)).rejects.toEqual(expect.objectContaining({ code: 'not-found' }))
    }
    expect(await readdir(place.folders.database)).toEqual([])
  })

  it('keeps fourteen good copies of a kind, and never lets broken ones push them out', async () => {
    await using place = await freshFolders()
    const store = await openNormal(place)
    for (let n = 0; n < 17; n++) {
      place.clock.advance(86_400_000)
      await store.backups.make(store.db, 'daily')
      await writeFile(join(place.folders.backups, `station-2026${String(n + 10)}01-000000-daily.sqlite`), 'broken')
    }
    await store.backups.make(store.db, 'manual')
    store.db.close()
    const list = await store.backups.list()
    expect(list.filter(copy => copy.good && copy.file.includes('daily'))).toHaveLength(14)
    expect(list.filter(copy => copy.file.includes('manual'))).toHaveLength(1)
    expect((await readdir(place.folders.backups)).filter(name => /part$|-wal$|-shm$/.test(name))).toEqual([])
  })

  it('is good only when it can be read from end to end', async () => {
    await using place = await freshFolders()
    const store = await openNormal(place)
    const insert = store.db.prepare(`INSERT INTO rows_put_aside VALUES ('t', ?, ?, 'r', 0)`)
    for (let n = 0; n < 500; n++) insert.run(String(n), 'x'.repeat(500))
    const copy = await store.backups.make(store.db, 'manual')
    store.db.close()
    const file = join(place.folders.backups, copy.file)
    expect(isGoodDatabase(file)).toBe(true)
    const handle = await open(file, 'r+')
    await handle.write(Buffer.alloc(20_000, 0xff), 0, 20_000, 40_960)
    await handle.close()
    expect(isGoodDatabase(file)).toBe(false)
  })
})

describe('bad rows', () => {
  it('are put aside once, raised once, and the others are read', async () => {
    await using ctx = await openTestContext()
    const rows = rowReader(ctx, 'things')
    const Thing = z.object({ id: z.string(), size: z.number().int() })
    const list = [{ id: 'a', size: 1 }, { id: 'b', size: 'large' }, { id: 'c', size: 3 }]
    for (let n = 0; n < 3; n++) expect(rows.all(Thing, list, row => z.object({ id: z.string() }).parse(row).id)).toEqual([list[0], list[2]])
    expect(ctx.db.prepare('SELECT table_name, row_key, content FROM rows_put_aside').all()).toEqual([{ table_name: 'things', row_key: 'b', content: '{"id":"b","size":"large"}' }])
    expect(ctx.inside.notices.list().map(notice => notice.error)).toEqual([{ code: 'record-unreadable', data: { table: 'things', subject: 'things/b' } }])
  })

  it.each(['{broken', '[]', '{"targetLufs":-23,"zone":"Mars/Olympus","bindAddress":7,"future":"kept"}'])('in the settings (%s) cost only themselves', async content => {
    await using ctx = await openTestContext()
    ctx.db.prepare('INSERT INTO settings (id, content, updated_at) VALUES (1, ?, 0)').run(content)
    const settings = openSettings(ctx)
    expect(settings.get()).toMatchObject({ zone: 'Asia/Ho_Chi_Minh', bindAddress: '127.0.0.1', targetLufs: content.includes('-23') ? -23 : -16 })
    expect(ctx.inside.notices.list().length).toBeGreaterThan(0)
    settings.update({ stationName: 'Đài xã' })
    expect(openSettings(ctx).get().stationName).toBe('Đài xã')
    if (content.includes('future')) expect(String(ctx.db.prepare('SELECT content FROM settings').pluck().get())).toContain('"future":"kept"')
    expect(() => settings.update({ zone: 'Mars/Olympus' })).toThrow(expect.objectContaining({ code: 'invalid-input' }))
  })
})

describe('the folder lock', () => {
  it('lets one station in, also when its file is damaged, and is free after release', async () => {
    await using place = await freshFolders()
    await writeFile(join(place.folders.root, 'station.guard'), 'nonsense'.repeat(200))
    const first = holdFolder(place.folders.root)
    expect(() => holdFolder(place.folders.root)).toThrow(expect.objectContaining({ code: 'another-station' }))
    first.release()
    holdFolder(place.folders.root).release()
  })
})
