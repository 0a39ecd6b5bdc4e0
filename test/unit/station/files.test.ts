import { open, truncate, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRoutes } from '../../../main/station/api/routes.ts'
import { temporaryFolder } from '../../support/context.ts'

const GIB = 2 ** 30
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let port = 0
const routes = createRoutes()
const server = createServer((req, res) => void routes.sendFile(req, res, join(folder.path, (req.url ?? '').slice(1)), { mime: 'audio/wav', immutable: true }).catch(() => res.destroy()))

function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers, agent: false }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) })).on('error', reject)
    }).on('error', reject).end()
  })
}

beforeAll(async () => {
  folder = await temporaryFolder()
  await writeFile(join(folder.path, 'a.wav'), Buffer.from(Array.from({ length: 1000 }, (_, n) => n % 251)))
  await writeFile(join(folder.path, 'empty.wav'), '')
  const big = await open(join(folder.path, 'big.wav'), 'w')
  await truncate(join(folder.path, 'big.wav'), 5 * GIB)
  await big.write(Buffer.from('past four GiB'), 0, 13, 4 * GIB + 10)
  await big.close()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(async () => {
  await new Promise(resolve => server.close(resolve))
  await folder.remove()
})

describe('a file over HTTP', () => {
  it('is whole without a range and in parts with one', async () => {
    const whole = await ask('/a.wav')
    expect([whole.status, whole.body.length, whole.headers['accept-ranges']]).toEqual([200, 1000, 'bytes'])
    const part = await ask('/a.wav', { range: 'bytes=100-199' })
    expect([part.status, part.headers['content-range'], part.headers['content-length']]).toEqual([206, 'bytes 100-199/1000', '100'])
    expect(part.body).toEqual(whole.body.subarray(100, 200))
    const none = await ask('/a.wav', { range: 'bytes=5000-' })
    expect([none.status, none.headers['content-range'], none.body.length]).toEqual([416, 'bytes */1000', 0])
  })

  it('has a head without a body', async () => {
    const head = await ask('/a.wav', { range: 'bytes=10-19' }, 'HEAD')
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([206, '10', 0])
  })

  it('can be read past 4 GiB', async () => {
    const from = 4 * GIB + 10
    const part = await ask('/big.wav', { range: `bytes=${from}-${from + 12}` })
    expect([part.status, part.body.toString()]).toEqual([206, 'past four GiB'])
    expect((await ask('/big.wav', {}, 'HEAD')).headers['content-length']).toBe(String(5 * GIB))
  })

  it('is not sent again when the client has it, and not patched together from two versions', async () => {
    const etag = String((await ask('/a.wav')).headers.etag)
    expect((await ask('/a.wav', { 'if-none-match': `"other", W/${etag}` })).status).toBe(304)
    expect((await ask('/a.wav', { range: 'bytes=0-9', 'if-range': etag })).status).toBe(206)
    expect((await ask('/a.wav', { range: 'bytes=0-9', 'if-range': '"older"' })).status).toBe(200)
  })

  it('may be empty, missing or a folder', async () => {
    expect((await ask('/empty.wav')).headers['content-length']).toBe('0')
    expect((await ask('/empty.wav', { range: 'bytes=0-' })).status).toBe(416)
    expect((await ask('/none.wav')).status).toBe(404)
    expect((await ask('/')).status).toBe(404)
  })

  it('is let go when the player turns away in the middle', async () => {
    await new Promise<void>(resolve => {
      const going = request({ host: '127.0.0.1', port, path: '/big.wav', agent: false }, response => {
        response.once('data', () => {
          response.destroy()
          resolve()
        })
      }).end()
      going.on('error', () => resolve())
    })
    expect((await ask('/a.wav')).status).toBe(200)
  })

  it('has one handler per prefix', () => {
    const book = createRoutes()
    book.add('files', 'media', () => undefined)
    expect(() => book.add('files', 'media', () => undefined)).toThrow(/two handlers/)
    expect(() => book.add('files', '../x', () => undefined)).toThrow(/prefix/)
    expect(book.find('public', 'media')).toBeUndefined()
  })
})
