import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { samples } from '#common/units/samples.ts'
import type { Item } from '#contract/library.ts'
import { callRoom } from '../../support/context.ts'
import { joined, silence, sine } from '../../support/signals.ts'
import { openSoundBench } from '../../support/sound-room.ts'
import type { SoundBench } from '../../support/sound-room.ts'

let room: SoundBench
let server: Server
let base = ''
let item: Item
let measured = 0
beforeAll(async () => {
  room = await openSoundBench({
    wrap: (media) => ({ ...media, measureSound: (pcm, options) => {
      measured += 1
      return media.measureSound(pcm, options)
    } }),
  })
  item = await room.item('bậc', joined(sine({ hz: 1_000, dbfs: -23, seconds: 4, channels: 2 }), silence(4, 2)))
  server = createServer((request, response) => {
    const [, prefix = '', rest = ''] = /^\/([a-z]+)\/(.*)$/.exec(request.url ?? '') ?? []
    const handler = room.bench.ctx.inside.routes.find('files', prefix)
    if (handler === undefined) response.writeHead(404).end()
    else void handler(request, response, decodeURIComponent(rest))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await room[Symbol.asyncDispose]()
})

it('the course of loudness is measured once, kept beside the peaks, and read every 100 ms', async () => {
  const get = async () => new Float32Array(await (await fetch(`${base}/loudness/${item.id}`)).arrayBuffer())
  const [first, second] = await Promise.all([get(), get()])
  expect(first.length).toBe(80)
  expect(first[35]).toBeCloseTo(-23, 1)
  expect(first[79]).toBe(-120)
  expect(second).toEqual(first)
  expect(await get()).toEqual(first)
  expect(measured).toBe(1)
  expect(await readdir(room.bench.ctx.folders.peaks)).toContain(`${item.sha256}.lufs`)
  expect((await fetch(`${base}/loudness/01ARZ3NDEKTSV4RRFFQ69G5FAV`)).status).toBe(404)
})

it('previews are served by their names alone, and the oldest are forgotten', async () => {
  const preview = (amount: number) => callRoom(room.sound, 'sound.preview', { itemId: item.id, range: { start: samples(0), end: samples(96_000) }, treatment: { kind: 'cleanUp', amount } })
  const first = await preview(10)
  const response = await fetch(`${base}/${first.before}`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('audio/wav')
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(96_000 * 2 * 3)
  for (const name of ['../vangxa.db', '%2e%2e%2fx.wav', 'x.wav', `${first.after}x`]) expect((await fetch(`${base}/sound/${name}`)).status).toBe(404)
  for (let n = 1; n <= 6; n++) await preview(10 + n)
  expect((await fetch(`${base}/${first.before}`)).status).toBe(404)
})
