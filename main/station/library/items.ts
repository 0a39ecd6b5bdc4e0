import { z } from 'zod'
import { noCues } from '#common/cues/index.ts'
import { foldedWords } from '#common/text/index.ts'
import type { Item } from '#contract/library.ts'
import type { StationContext } from '../context.ts'
import { rowReader } from '../store/rows.ts'
import { StoredRow } from './rows.ts'
import type { Place, Sound, Stored } from './rows.ts'

export type NewItem = Omit<Item, 'number' | 'fileMissing'>
export interface ItemQuery {
  readonly query: string
  readonly kinds: readonly Item['kind'][]
  readonly states: readonly Item['state'][]
  readonly limit: number
  readonly offset: number
}

export interface ItemStore {
  get(itemId: string): Stored | null
  bySha256(sha256: string): Stored | null
  all(): Stored[]
  find(query: ItemQuery): { found: Stored[]; total: number }
  /** Inside the caller's transaction when there is one. The unique index refuses a second live item of the same content. */
  insert(item: NewItem, sound: Sound, createdById: string | null): Item
  /** Writes the row whose `rev` is still `item.rev`, with `rev + 1`; null when it is stale. */
  save(item: Item): Item | null
  remove(item: Item, at: number): boolean
  setGain(itemId: string, playGainDb: number): void
  /** Where its original stands from now on; null = on our own shelf. */
  setPlace(itemId: string, place: Place | null): void
  setMezzanineSha256(itemId: string, sha256: string): void
  /** All live items, with no more than is needed to look for their files. */
  whereabouts(): Whereabouts[]
  inPlace(): string[]
  /** Content that no live item uses and whose last item was removed before `at`. */
  unused(at: number): { sha256: string; ending: string }[]
  forget(sha256: string): void
}

export interface Whereabouts extends Pick<Sound, 'itemId' | 'sha256' | 'ending' | 'pcm'> {
  readonly inPlace: boolean
}

const MAX_WORDS = 8
const Count = z.object({ n: z.number() })
const KeyOf = z.object({ id: z.string() })
const keyOf = (row: unknown) => KeyOf.safeParse(row).data?.id ?? '?'
const WhereaboutsRow = z.object({ id: z.string(), sha256: z.string(), ending: z.string(), pcm: z.enum(['original', 'mezzanine']), place_path: z.string().nullable() }).transform((row): Whereabouts => ({ itemId: row.id, sha256: row.sha256, ending: row.ending, pcm: row.pcm, inPlace: row.place_path !== null }))
const UnusedRow = z.object({ sha256: z.string(), ending: z.string() })

export function openItems(ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>): ItemStore {
  const { db } = ctx
  const reader = rowReader(ctx, 'library_items')
  const byId = db.prepare('SELECT * FROM library_items WHERE id = ? AND removed_at IS NULL')
  const bySha = db.prepare('SELECT * FROM library_items WHERE sha256 = ? AND removed_at IS NULL')
  const everything = db.prepare('SELECT * FROM library_items WHERE removed_at IS NULL ORDER BY number DESC')
  const whereaboutsRows = db.prepare('SELECT id, sha256, ending, pcm, place_path FROM library_items WHERE removed_at IS NULL')
  const inPlaceRows = db.prepare('SELECT id FROM library_items WHERE place_path IS NOT NULL AND removed_at IS NULL ORDER BY number')
  const nextNumber = db.prepare('SELECT coalesce(max(number), 0) + 1 AS n FROM library_items')
  const insertRow = db.prepare(`INSERT INTO library_items (
    id, number, title, kind, state, tags, origin, essential, lang, note, sha256, ending, file_name, size_bytes, codec, source_rate_hz, channels, length_samples, pcm, pcm_bits,
    integrated_lufs, range_lu, true_peak_dbtp, play_gain_db, created_at, created_by, created_by_id, approved_at, approved_by, returned_note, rev, cues, sensitive, embargo_until, approvals, place_path, place_modified_ms, place_changed_ms
  ) VALUES (
    @id, @number, @title, @kind, @state, @tags, @origin, @essential, @lang, @note, @sha256, @ending, @fileName, @sizeBytes, @codec, @sourceRateHz, @channels, @lengthSamples, @pcm, @pcmBits,
    @integratedLufs, @rangeLu, @truePeakDbtp, @playGainDb, @createdAt, @createdBy, @createdById, NULL, NULL, NULL, @rev, @cues, @sensitive, @embargoUntil, @approvals, @placePath, @placeModifiedMs, @placeChangedMs
  )`)
  const updateRow = db.prepare(`UPDATE library_items SET title = @title, kind = @kind, state = @state, tags = @tags, origin = @origin, essential = @essential, lang = @lang, note = @note,
    approved_at = @approvedAt, approved_by = @approvedBy, returned_note = @returnedNote, cues = @cues, sensitive = @sensitive, embargo_until = @embargoUntil, approvals = @approvals, rev = rev + 1 WHERE id = @id AND rev = @rev AND removed_at IS NULL`)
  const removeRow = db.prepare('UPDATE library_items SET removed_at = ?, rev = rev + 1 WHERE id = ? AND rev = ? AND removed_at IS NULL')
  const gainRow = db.prepare('UPDATE library_items SET play_gain_db = ? WHERE id = ?')
  const placeRow = db.prepare('UPDATE library_items SET place_path = ?, place_modified_ms = ?, place_changed_ms = ? WHERE id = ?')
  const mezzanineRow = db.prepare('UPDATE library_items SET mezzanine_sha256 = ? WHERE id = ?')
  const dropWords = db.prepare('DELETE FROM library_words WHERE rowid = ?')
  const addWords = db.prepare('INSERT INTO library_words (rowid, words) VALUES (?, ?)')
  const unusedRows = db.prepare('SELECT sha256, max(ending) AS ending FROM library_items GROUP BY sha256 HAVING count(*) = count(removed_at) AND max(removed_at) < ?')
  const forgetRows = db.prepare("UPDATE library_items SET ending = 'gone' WHERE sha256 = ? AND removed_at IS NOT NULL")

  const index = (item: Item) => {
    dropWords.run(item.number)
    addWords.run(item.number, foldedWords([item.title, ...item.tags, ...(item.cues?.points.map((point) => point.label) ?? []), item.note, String(item.number), item.createdBy].join(' ')).join(' '))
  }
  const values = (item: Item) => ({ id: item.id, title: item.title, kind: item.kind, state: item.state, tags: JSON.stringify(item.tags), origin: item.origin, essential: item.essential ? 1 : 0, lang: item.lang, note: item.note, rev: item.rev, cues: JSON.stringify(item.cues ?? noCues), sensitive: item.sensitive === true ? 1 : 0, embargoUntil: item.embargoUntil ?? null, approvals: JSON.stringify(item.approvals ?? []) })

  return {
    get: (itemId) => reader.one(StoredRow.nullable(), byId.get(itemId) ?? null, itemId),
    bySha256: (sha256) => reader.one(StoredRow.nullable(), bySha.get(sha256) ?? null, sha256),
    all: () => reader.all(StoredRow, everything.all(), keyOf),
    find({ query, kinds, states, limit, offset }) {
      const words = foldedWords(query).slice(0, MAX_WORDS).map((word) => `"${word.slice(0, 40)}"*`)
      const parameters: (string | number)[] = []
      const where = ['removed_at IS NULL']
      if (words.length > 0) {
        where.push('number IN (SELECT rowid FROM library_words WHERE library_words MATCH ?)')
        parameters.push(words.join(' AND '))
      } else if (query.trim() !== '') return { found: [], total: 0 }
      const oneOf = (column: string, wanted: readonly string[]) => {
        if (wanted.length === 0) return
        where.push(`${column} IN (${wanted.map(() => '?').join(', ')})`)
        parameters.push(...wanted)
      }
      oneOf('kind', kinds)
      oneOf('state', states)
      const condition = where.join(' AND ')
      const total = Count.parse(db.prepare(`SELECT count(*) AS n FROM library_items WHERE ${condition}`).get(...parameters)).n
      const rows = db.prepare(`SELECT * FROM library_items WHERE ${condition} ORDER BY number DESC LIMIT ? OFFSET ?`).all(...parameters, limit, offset)
      return { found: reader.all(StoredRow, rows, keyOf), total }
    },
    insert(item, sound, createdById) {
      return db.transaction(() => {
        const whole: Item = { ...item, number: Count.parse(nextNumber.get()).n }
        insertRow.run({
          ...values(whole), number: whole.number, sha256: sound.sha256, ending: sound.ending, fileName: sound.fileName, sizeBytes: item.sizeBytes, codec: item.codec, sourceRateHz: item.sourceRateHz, channels: item.channels,
          lengthSamples: item.lengthSamples, pcm: sound.pcm, pcmBits: sound.pcmBits, integratedLufs: item.loudness?.integratedLufs ?? null, rangeLu: item.loudness?.rangeLu ?? null, truePeakDbtp: item.loudness?.truePeakDbtp ?? null,
          playGainDb: item.playGainDb, createdAt: item.createdAt, createdBy: item.createdBy, createdById,
          placePath: sound.place?.path ?? null, placeModifiedMs: sound.place?.modifiedMs ?? null, placeChangedMs: sound.place?.changedMs ?? null,
        })
        index(whole)
        return whole
      })()
    },
    save(item) {
      return db.transaction(() => {
        if (updateRow.run({ ...values(item), approvedAt: item.approvedAt, approvedBy: item.approvedBy, returnedNote: item.returnedNote }).changes === 0) return null
        index(item)
        return { ...item, rev: item.rev + 1 }
      })()
    },
    remove(item, at) {
      return db.transaction(() => {
        if (removeRow.run(Math.floor(at), item.id, item.rev).changes === 0) return false
        dropWords.run(item.number)
        return true
      })()
    },
    setGain: (itemId, playGainDb) => void gainRow.run(playGainDb, itemId),
    setPlace: (itemId, place) => void placeRow.run(place?.path ?? null, place?.modifiedMs ?? null, place?.changedMs ?? null, itemId),
    setMezzanineSha256: (itemId, sha256) => void mezzanineRow.run(sha256, itemId),
    whereabouts: () => z.array(WhereaboutsRow).parse(whereaboutsRows.all()),
    inPlace: () => z.array(KeyOf).parse(inPlaceRows.all()).map(({ id }) => id),
    unused: (at) => z.array(UnusedRow).parse(unusedRows.all(Math.floor(at))).filter((row) => row.ending !== 'gone'),
    forget: (sha256) => void forgetRows.run(sha256),
  }
}
