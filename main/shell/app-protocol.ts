/**
 * Serves the window's own files at app://studio/.
 * Promises: nothing outside out/renderer/studio is ever answered, and every answer carries the content security policy.
 */
import { type Session, protocol } from 'electron'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { places } from './places.ts'

export const APP_ORIGIN = 'app://studio'

const mimeTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8', '.map': 'application/json; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg', '.webp': 'image/webp',
  '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.woff': 'font/woff', '.wasm': 'application/wasm', '.mp3': 'audio/mpeg', '.wav': 'audio/wav', '.ogg': 'audio/ogg',
}

/** Must run before the application is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } }])
}

/**
 * The station listens on 127.0.0.1 with a port that changes with every start, so any port of this computer is allowed; a station elsewhere
 * is allowed by its exact origin. Styles may be inline: the component library writes its colour variables into a style element.
 */
export function contentSecurityPolicy(remoteOrigin: string | null): string {
  const remote = remoteOrigin === null ? '' : ` ${remoteOrigin} ${remoteOrigin.replace(/^http/, 'ws')}`
  const station = `http://127.0.0.1:*${remote}`
  return [
    "default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "font-src 'self'", "worker-src 'self'", "manifest-src 'self'",
    `connect-src 'self' ws://127.0.0.1:* ${station}`, `media-src 'self' blob: ${station}`, `img-src 'self' data: blob: ${station}`,
    "object-src 'none'", "frame-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'",
  ].join('; ')
}

function fileFor(address: string): string | null {
  const url = new URL(address)
  if (url.host !== 'studio') return null
  let path: string
  try {
    path = decodeURIComponent(url.pathname)
  } catch {
    // Not a path this application ever asks for.
    return null
  }
  if (path.includes('\0')) return null
  const file = normalize(join(places.studio, path === '/' ? 'index.html' : path))
  return file.startsWith(places.studio + sep) ? file : null
}

export function serveApp(session: Session, remoteOrigin: string | null): void {
  const policy = contentSecurityPolicy(remoteOrigin)
  session.protocol.handle('app', async (request) => {
    const headers = { 'content-security-policy': policy, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-cache' }
    const file = request.method === 'GET' ? fileFor(request.url) : null
    const type = file === null ? undefined : mimeTypes[extname(file)]
    if (file === null || type === undefined) return new Response('not found', { status: 404, headers })
    try {
      return new Response(new Uint8Array(await readFile(file)), { headers: { ...headers, 'content-type': type } })
    } catch {
      // Absent and unreadable are the same to the page.
      return new Response('not found', { status: 404, headers })
    }
  })
}
