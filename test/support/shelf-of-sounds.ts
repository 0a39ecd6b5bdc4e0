import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import { samples } from '#common/units/samples.ts'
import type { StationContext } from '../../main/station/context.ts'
import type { LibraryRoom, PcmFile } from '../../main/station/faces.ts'
import { counterWav, wavHeader } from './signals.ts'

export interface ShelfOfSounds extends Pick<LibraryRoom, 'get' | 'pcmOf' | 'approvedPcmOf' | 'originalOf' | 'list' | 'prepare' | 'hold' | 'withdraw'> {
  /** A stereo counter WAV (sample n is first + n) of that length, approved unless said otherwise. */
  put(title: string, frames: number, options?: { state?: Item['state']; first?: number; bytes?: Buffer; kind?: Item['kind']; tags?: string[] }): Item
  setState(itemId: string, state: Item['state']): void
  remove(itemId: string): void
  fileOf(itemId: string): PcmFile
}

/** A library of counter files with only what the log and the air look at. `unheard`: nobody reads them, so they have their header and their size, and no sound. */
export function shelfOfSounds(ctx: Pick<StationContext, 'folders' | 'newId' | 'events' | 'clock'>, options: { unheard?: boolean } = {}): ShelfOfSounds {
  const write = (path: string, frames: number, first: number): void => {
    if (options.unheard !== true) return writeFileSync(path, counterWav(frames, 2, first))
    writeFileSync(path, wavHeader({ format: 'int24', channels: 2, rateHz: 48_000, dataBytes: frames * 6 }))
    truncateSync(path, 44 + frames * 6)
  }
  const items = new Map<string, Item>()
  const files = new Map<string, PcmFile>()
  let number = 0
  const change = (itemId: string, removed: boolean): void => ctx.events.emit('library.changed', { itemId, removed })
  return {
    get: (itemId) => items.get(itemId) ?? null,
    list: () => [...items.values()],
    originalOf: () => Promise.resolve(null),
    prepare: () => Promise.resolve(),
    hold: () => undefined,
    pcmOf: (itemId) => Promise.resolve(files.get(itemId) ?? null),
    approvedPcmOf: (itemId) => Promise.resolve(files.get(itemId) ?? null),
    fileOf(itemId) {
      const file = files.get(itemId)
      if (file === undefined) throw new Error(`no file of ${itemId}`)
      return file
    },
    put(title, frames, { state = 'approved', first = 1, bytes, kind = 'programme', tags = [] } = {}) {
      const id = ctx.newId()
      const path = join(ctx.folders.mezzanine, `${id}.wav`)
      if (bytes === undefined) write(path, frames, first)
      else writeFileSync(path, bytes)
      files.set(id, { path, format: 'int24', channels: 2, dataOffsetBytes: 44, length: samples(frames) })
      const item: Item = {
        id, number: ++number, title, kind, state, tags, origin: 'tu-san-xuat', essential: false, lang: 'vi', note: '', sha256: number.toString(16).padStart(64, '0'), sizeBytes: 44 + frames * 6, codec: 'pcm_s24le',
        sourceRateHz: 48_000, channels: 2, lengthSamples: frames, loudness: null, playGainDb: 0, createdAt: Math.round(ctx.clock.now()), createdBy: 'Người thử', approvedAt: null, approvedBy: null, returnedNote: null, rev: 1,
        ...approvedAs(state, number.toString(16).padStart(64, '0')),
      }
      items.set(id, item)
      return item
    },
    withdraw(itemId, rev) {
      const item = items.get(itemId)
      if (item === undefined) throw new AppError('not-found')
      if (item.rev !== rev) throw new AppError('stale')
      const withdrawn: Item = { ...item, state: 'withdrawn', rev: item.rev + 1 }
      items.set(itemId, withdrawn)
      change(itemId, false)
      return withdrawn
    },
    setState(itemId, state) {
      const item = items.get(itemId)
      if (item === undefined) throw new Error(`no item ${itemId}`)
      items.set(itemId, { ...item, approvals: [], state, rev: item.rev + 1, ...approvedAs(state, item.sha256) })
      change(itemId, false)
    },
    remove(itemId) {
      items.delete(itemId)
      change(itemId, true)
    },
  }
}

/** As an approver leaves it: a word for exactly this content. */
const approvedAs = (state: Item['state'], sha256: string): Pick<Item, 'approvals'> => (state === 'approved' ? { approvals: [{ personId: null, by: 'Người duyệt', at: 1, sha256 }] } : {})
