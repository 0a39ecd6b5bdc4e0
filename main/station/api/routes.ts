import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { HttpHandler, HttpRoutes } from '../context.ts'
import { readRange } from './ranges.ts'

export interface RouteBook extends HttpRoutes {
  find(access: 'files' | 'public', prefix: string): HttpHandler | undefined
  takesPost(access: 'files' | 'public', prefix: string): boolean
}

const goneCodes = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'])

export function endWith(response: ServerResponse, status: number, code: string): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify({ code }))
}

async function sendFile(request: IncomingMessage, response: ServerResponse, file: string, options: { mime: string; etag?: string; immutable?: boolean }): Promise<void> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string' && goneCodes.has(error.code)) return null
    throw error
  })
  if (handle === null) return endWith(response, 404, 'file-missing')
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) return endWith(response, 404, 'file-missing')
    const etag = `"${options.etag ?? `${stats.size.toString(36)}-${Math.floor(stats.mtimeMs).toString(36)}`}"`
    const headers = { etag, 'accept-ranges': 'bytes', 'content-type': options.mime, 'cache-control': options.immutable ? 'private, max-age=31536000, immutable' : 'private, no-cache' }

    const known = request.headers['if-none-match']
    if (known !== undefined && (known === '*' || known.split(',').some(tag => tag.trim().replace(/^W\//, '') === etag))) {
      response.writeHead(304, headers)
      response.end()
      return
    }
    // A part of another version must not be glued to what the client has (If-Range).
    const sameVersion = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
    const range = readRange(sameVersion ? request.headers.range : undefined, stats.size)
    if (range.kind === 'unsatisfiable') {
      response.writeHead(416, { ...headers, 'content-range': `bytes */${stats.size}` })
      response.end()
      return
    }
    const start = range.kind === 'part' ? range.start : 0
    const end = range.kind === 'part' ? range.end : stats.size - 1
    const length = end - start + 1
    response.writeHead(range.kind === 'part' ? 206 : 200, { ...headers, 'content-length': length, ...(range.kind === 'part' ? { 'content-range': `bytes ${start}-${end}/${stats.size}` } : {}) })
    if (request.method === 'HEAD' || length === 0) {
      response.end()
      return
    }
    await pipeline(createReadStream('', { fd: handle, start, end, autoClose: false, highWaterMark: 262_144 }), response)
  } catch (error) {
    // A player that seeks closes the old request: nothing went wrong.
    if (error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE') return
    throw error
  } finally {
    await handle.close()
  }
}

export function createRoutes(): RouteBook {
  const routes = new Map<string, HttpHandler>()
  const posts = new Set<string>()
  return {
    add(access, prefix, handler, options) {
      const key = `${access}/${prefix}`
      if (!/^[a-z0-9-]+$/.test(prefix)) throw new Error(`not a route prefix: ${prefix}`)
      if (routes.has(key)) throw new Error(`two handlers for ${key}`)
      routes.set(key, handler)
      if (options?.post === true) posts.add(key)
    },
    find: (access, prefix) => routes.get(`${access}/${prefix}`),
    takesPost: (access, prefix) => posts.has(`${access}/${prefix}`),
    sendFile,
  }
}
