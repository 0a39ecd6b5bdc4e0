import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Item } from '#contract/library.ts'
import type { RecorderDeps } from '../../../main/station/recorder/index.ts'
import type { StationContext } from '../../../main/station/context.ts'

/** A library that keeps what it is given in a folder, and can be told to refuse. */
export function fakeLibrary(ctx: StationContext): { face: RecorderDeps['library']; items: Map<string, { item: Item; path: string }>; refuseWith: (error: Error | null) => void } {
  const items = new Map<string, { item: Item; path: string }>()
  let refusal: Error | null = null
  return {
    items,
    refuseWith: (error) => { refusal = error },
    face: {
      get: (itemId) => items.get(itemId)?.item ?? null,
      importFile(path, options) {
        const id = ctx.newId()
        const run = async (): Promise<Item> => {
          if (refusal !== null) throw refusal
          const kept = join(ctx.folders.media, `${id}.wav`)
          await copyFile(path, kept)
          if (options.moveSource === true) await rm(path)
          const item: Item = {
            id, number: items.size + 1, title: options.title ?? '', kind: options.kind ?? 'recording', state: 'draft', tags: [], origin: 'tu-san-xuat', essential: false, lang: 'vi', note: '', sha256: '0'.repeat(64), sizeBytes: 0,
            codec: 'pcm_s24le', sourceRateHz: 48_000, channels: 1, lengthSamples: 0, loudness: null, playGainDb: 0, createdAt: 0, createdBy: options.who.name, approvedAt: null, approvedBy: null, returnedNote: null, rev: 0,
          }
          items.set(id, { item, path: kept })
          return item
        }
        return { jobId: ctx.newId(), item: run() }
      },
    },
  }
}
