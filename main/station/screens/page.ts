import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import type { HttpRoutes } from '../context.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2', '.map': 'application/json', '.webmanifest': 'application/manifest+json',
}

/**
 * The kiosk page at `/screen/`. Everything comes from this origin; only the socket may lead elsewhere, because the broker has a port of its own.
 * Pictures may be blobs: they are checked against their hash before they are shown.
 */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self' ws: wss:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Hashed names never change; the page and its service worker are asked for again each time. */
const isHashed = (path: string): boolean => path.startsWith('assets/')

export function serveKioskPage(http: HttpRoutes, folder: string): void {
  http.add('public', 'screen', async (request: IncomingMessage, response: ServerResponse, rest: string) => {
    // Without the slash the page's own addresses would point beside it.
    if (rest === '' && !(request.url ?? '').split('?', 1)[0]?.endsWith('/')) {
      response.writeHead(308, { location: '/screen/' })
      response.end()
      return
    }
    const name = rest === '' ? 'index.html' : rest
    const mime = types[extname(name)]
    if (mime === undefined || !existsSync(join(folder, name))) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
      response.end('not found')
      return
    }
    response.setHeader('content-security-policy', POLICY)
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    if (name === 'sw.js') response.setHeader('service-worker-allowed', '/screen/')
    await http.sendFile(request, response, join(folder, name), { mime, immutable: isHashed(name) })
  })
}
