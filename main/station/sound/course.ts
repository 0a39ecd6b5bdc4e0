import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { shortTermCurve } from '#common/loudness/index.ts'
import type { StationContext } from '../context.ts'
import type { LibraryRoom, MediaRoom } from '../faces.ts'
import { writeWhole } from '../media/index.ts'

/** Serves the course of short-term loudness of an item, measured once and kept beside its peaks by content. */
export function serveCourse(ctx: Pick<StationContext, 'folders' | 'http' | 'scope' | 'logger'>, deps: { library: Pick<LibraryRoom, 'get' | 'pcmOf' | 'prepare'>; media: Pick<MediaRoom, 'measureSound'> }): void {
  const stopping = new AbortController()
  ctx.scope.add(() => stopping.abort())
  const making = new Map<string, Promise<string | null>>()

  async function make(itemId: string, path: string): Promise<string | null> {
    await deps.library.prepare([itemId])
    const pcm = await deps.library.pcmOf(itemId)
    if (pcm === null) return null
    const { energies } = await deps.media.measureSound(pcm, { signal: stopping.signal })
    const curve = shortTermCurve(energies)
    await writeWhole(path, (part) => writeFile(part, new Uint8Array(curve.buffer)))
    return path
  }
  function courseOf(itemId: string): Promise<string | null> {
    const item = deps.library.get(itemId)
    if (item === null) return Promise.resolve(null)
    const known = making.get(item.sha256)
    if (known !== undefined) return known
    const path = join(ctx.folders.peaks, `${item.sha256}.lufs`)
    const work = access(path).then(() => path, () => make(itemId, path)).finally(() => making.delete(item.sha256))
    making.set(item.sha256, work)
    return work
  }

  ctx.http.add('files', 'loudness', async (request, response, rest) => {
    const path = await courseOf(rest).catch((error: unknown) => {
      ctx.logger.warn('the course of loudness could not be made', { itemId: rest, error })
      return null
    })
    if (path === null) return void response.writeHead(404, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end('{"code":"file-missing"}')
    await ctx.http.sendFile(request, response, path, { mime: 'application/octet-stream' })
  })
}
