import type { StationContext } from '../context.ts'
import { createCoarsePeaks, rmsPathOf } from '../media/index.ts'
import type { ItemStore } from './items.ts'
import { mimeOf } from './shelf.ts'
import type { Places } from './places.ts'
import type { Shelf } from './shelf.ts'
import type { Sounds } from './sounds.ts'

const refuse = (response: { writeHead: (status: number, headers: Record<string, string>) => { end: (body: string) => unknown } }) => response.writeHead(404, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end('{"code":"file-missing"}')

/** `media/<itemId>`, `pcm/<itemId>`, `peaks/<itemId>`, `rms/<itemId>`, and `coarse/<itemId>`, the whole in a few thousand points at once: content never changes under one hash, so it may be kept by the window. */
export function serveFiles(ctx: Pick<StationContext, 'http'>, deps: { items: ItemStore; sounds: Sounds; shelf: Shelf; places: Places }): void {
  const { items, sounds, shelf, places } = deps
  ctx.http.add('files', 'media', async (request, response, rest) => {
    const stored = items.get(rest)
    // A changed file of somebody else is not this item.
    if (stored === null || (await places.look(stored)) !== 'here') return void refuse(response)
    await ctx.http.sendFile(request, response, shelf.original(stored.sound), { mime: mimeOf(stored.sound.ending), etag: stored.sound.sha256 })
  })
  ctx.http.add('files', 'pcm', async (request, response, rest) => {
    let pcm = await sounds.pcmOf(rest)
    if (pcm === null) {
      await sounds.prepare([rest])
      pcm = await sounds.pcmOf(rest)
    }
    if (pcm === null) return void refuse(response)
    await ctx.http.sendFile(request, response, pcm.path, { mime: 'audio/wav' })
  })
  for (const [prefix, pathOf] of [['peaks', sounds.peaksOf], ['rms', sounds.rmsOf]] as const) {
    ctx.http.add('files', prefix, async (request, response, rest) => {
      const path = await pathOf(rest)
      if (path === null) return void refuse(response)
      await ctx.http.sendFile(request, response, path, { mime: 'application/octet-stream' })
    })
  }
  const coarse = createCoarsePeaks()
  ctx.http.add('files', 'coarse', async (_request, response, rest) => {
    const stored = items.get(rest)
    const path = stored === null ? '' : shelf.peaks(stored.sound)
    const bytes = stored === null ? null : await coarse({ peaks: path, rms: rmsPathOf(path), pcm: () => sounds.pcmOf(rest) })
    if (bytes === null) return void refuse(response)
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length, 'cache-control': 'no-store' })
    response.end(bytes)
  })
}
