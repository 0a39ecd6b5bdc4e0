import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import type { MediaRoom, PcmFile } from '../faces.ts'
import type { SoundTools } from './abilities.ts'
import { stretchChain } from './chains.ts'

/** Made anew when needed again. */
const KEPT_MS = 2 * 86_400_000

/** Files for the air: an item a little longer or shorter, pitch kept, so that a programme ends on time. Made once per item and speed. */
export function createStretches(ctx: Pick<StationContext, 'folders' | 'clock' | 'scope' | 'logger'>, deps: { media: Pick<MediaRoom, 'filterSound' | 'openPcm'>; tools: SoundTools }): (sha256: string, pcm: PcmFile, ratio: number) => Promise<PcmFile> {
  const folder = join(ctx.folders.air, 'stretched')
  const stopping = new AbortController()
  ctx.scope.add(() => stopping.abort())

  const clear = async (): Promise<void> => {
    for (const name of await readdir(folder)) {
      const path = join(folder, name)
      if ((await stat(path)).mtimeMs < ctx.clock.now() - KEPT_MS) await rm(path, { force: true })
    }
  }
  return async (sha256, pcm, ratio) => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await clear().catch((error: unknown) => ctx.logger.warn('old stretched files cannot be removed', { error }))
    const length = Math.round(pcm.length * ratio)
    const target = join(folder, `${sha256.slice(0, 32)}-${length}.wav`)
    if (existsSync(target)) return deps.media.openPcm(target)
    const { stretch } = await deps.tools.abilities()
    if (stretch === 'none') throw new AppError('unsupported-format')
    return deps.media.filterSound(pcm, target, { chain: stretchChain(pcm.length / length, stretch), range: null, length, format: pcm.format, signal: stopping.signal })
  }
}
