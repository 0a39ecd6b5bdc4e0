import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MediaRoom, LibraryRoom } from '../../main/station/faces.ts'
import { openLibrary } from '../../main/station/library/index.ts'
import { openMedia } from '../../main/station/media/index.ts'
import { openTestContext } from './context.ts'
import type { TestContext } from './context.ts'

export const lan = { personId: null, name: 'Lan' }

export interface LibraryBench extends AsyncDisposable {
  readonly ctx: TestContext
  readonly media: MediaRoom
  readonly library: LibraryRoom
  /** Folder of a user, outside the data folder. */
  readonly desk: string
  /** Names of everything in the library's folders. */
  kept(): Promise<string[]>
}

/** A real library with real ffmpeg and database on a temporary folder. `wrap` may stand between it and the media room. */
export async function openLibraryBench(options: { folder?: string; wrap?: (media: MediaRoom) => MediaRoom; before?: (ctx: TestContext) => void | Promise<void>; watchStableMs?: number; lookEveryMs?: number; driveOf?: () => Promise<'fixed' | 'removable' | 'network' | 'unknown'> } = {}): Promise<LibraryBench> {
  const ctx = await openTestContext(options.folder === undefined ? {} : { folder: options.folder })
  await options.before?.(ctx)
  const desk = await mkdtemp(join(tmpdir(), 'vangxa-desk-'))
  const media = openMedia(ctx)
  const library = await openLibrary(ctx, { media: options.wrap?.(media) ?? media, watchStableMs: options.watchStableMs ?? 200, ...(options.lookEveryMs === undefined ? {} : { lookEveryMs: options.lookEveryMs }), driveOf: options.driveOf ?? (() => Promise.resolve('fixed')) })
  return {
    ctx, media, library, desk,
    async kept() {
      const names = await Promise.all([ctx.folders.media, ctx.folders.mezzanine, ctx.folders.peaks].map((folder) => readdir(folder)))
      return names.flat()
    },
    async [Symbol.asyncDispose]() {
      await ctx.dispose()
      await rm(desk, { recursive: true, force: true })
    },
  }
}
