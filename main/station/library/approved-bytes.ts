import { stat } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { z } from 'zod'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import type { PcmFile } from '../faces.ts'
import { stampOf } from '../foundation/stamp.ts'
import type { Stored } from './rows.ts'
import { takeIn } from './take-in.ts'

/**
 * What is approved is what airs, by hash. The 48 kHz bytes are remembered when an item is approved; whoever opens them for the air gets the same bytes or none.
 * A file that lies as it lay then (size, times) is believed; any other is read through once.
 */
export interface ApprovedBytes {
  /** Remembers the bytes of an item that was approved this moment. */
  remember(stored: Stored, pcm: PcmFile): Promise<void>
  /** The station has made the copy again from the original: it is believed when the original is the approved one. */
  remade(stored: Stored, original: string, pcm: PcmFile): Promise<void>
  /** The file with its stamp, so that the air refuses what is changed later. @throws AppError changed-since-approval */
  verified(stored: Stored, pcm: PcmFile): Promise<PcmFile>
}

const Row = z.object({ content_sha256: z.string(), pcm_sha256: z.string(), size_bytes: z.number(), modified_ms: z.number(), changed_ms: z.number() })
const never = new AbortController().signal
const hashOf = async (path: string): Promise<{ sha256: string; facts: Stats }> => ({ sha256: (await takeIn(path, null, { signal: never, progress: () => undefined })).sha256, facts: await stat(path) })

export function openApprovedBytes(ctx: Pick<StationContext, 'db' | 'notices' | 'logger'>): ApprovedBytes {
  const find = ctx.db.prepare('SELECT content_sha256, pcm_sha256, size_bytes, modified_ms, changed_ms FROM library_approved_bytes WHERE item_id = ?')
  const put = ctx.db.prepare(`INSERT INTO library_approved_bytes (item_id, content_sha256, pcm_sha256, size_bytes, modified_ms, changed_ms) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (item_id) DO UPDATE SET content_sha256 = excluded.content_sha256, pcm_sha256 = excluded.pcm_sha256, size_bytes = excluded.size_bytes, modified_ms = excluded.modified_ms, changed_ms = excluded.changed_ms`)
  const keep = ({ item }: Stored, sha256: string, facts: Stats): void => void put.run(item.id, item.sha256, sha256, facts.size, facts.mtimeMs, facts.ctimeMs)
  /** Who asks while the bytes are being read through waits for that. */
  const reading = new Map<string, Promise<void>>()
  const inTurn = async (itemId: string, run: () => Promise<void>): Promise<void> => {
    const turn = (reading.get(itemId) ?? Promise.resolve()).catch(() => undefined).then(run)
    reading.set(itemId, turn)
    await turn.finally(() => reading.get(itemId) === turn && reading.delete(itemId))
  }
  const changed = ({ item }: Stored): AppError => {
    const error = new AppError('changed-since-approval', { data: { fileName: item.title } })
    ctx.notices.raise('alarm', error, item.id)
    return error
  }
  const isOriginal = ({ sound }: Stored): boolean => sound.pcm === 'original'

  return {
    remember: (stored, pcm) => inTurn(stored.item.id, async () => {
      const { sha256, facts } = await hashOf(pcm.path)
      if (isOriginal(stored) && sha256 !== stored.item.sha256) throw changed(stored)
      keep(stored, sha256, facts)
    }),
    async remade(stored, original, pcm) {
      // Never approved: nothing to compare with, and nothing to promise.
      if (find.get(stored.item.id) === undefined) return
      if ((await hashOf(original)).sha256 !== stored.item.sha256) return ctx.logger.warn('an original is not what was approved', { itemId: stored.item.id })
      const { sha256, facts } = await hashOf(pcm.path)
      keep(stored, sha256, facts)
    },
    async verified(stored, pcm) {
      await reading.get(stored.item.id)?.catch(() => undefined)
      const row = Row.nullable().parse(find.get(stored.item.id) ?? null)
      const facts = await stat(pcm.path)
      const isKnown = row !== null && row.content_sha256 === stored.item.sha256
      if (!isKnown || row.size_bytes !== facts.size || row.modified_ms !== facts.mtimeMs || row.changed_ms !== facts.ctimeMs) {
        const read = await hashOf(pcm.path)
        // Approved by a version that remembered nothing: the original knows its hash, a copy is taken as it is found.
        const wanted = isKnown ? row.pcm_sha256 : isOriginal(stored) ? stored.item.sha256 : (stored.sound.mezzanineSha256 ?? read.sha256)
        if (read.sha256 !== wanted) throw changed(stored)
        keep(stored, read.sha256, read.facts)
        return { ...pcm, stamp: stampOf(read.facts) }
      }
      return { ...pcm, stamp: stampOf(facts) }
    },
  }
}
