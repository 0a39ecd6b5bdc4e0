import { get } from 'node:https'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeFrame, decodeFrame, frameFormats, frameKinds } from '#contract/frames.ts'
import type { Letter, LiveLetter } from '#common/letters/index.ts'
import { instantUs } from '#common/letters/index.ts'
import { openLive } from '../../../main/station/live/index.ts'
import { openMedia } from '../../../main/station/media/index.ts'
import { callRoom } from '../../support/context.ts'
import { correlation, readPcm } from '../../support/correlate.ts'
import { openFleet } from '../../support/fleet.ts'
import type { Fleet } from '../../support/fleet.ts'
import type { TinyDevice } from '../../support/tiny-device.ts'
import { until } from '../../support/until.ts'

const live = (state: LiveLetter['state'], rev?: number) => (letter: Letter): letter is LiveLetter => letter.typ === 'live' && letter.state === state && (rev === undefined || letter.rev === rev)

/** Feeds a microphone in real time: 20 ms frames of a chirp, from another clock position. */
function microphone(fleet: Fleet, handle: number): { sent: Float32Array[]; stop(): void } {
  const sent: Float32Array[] = []
  let seq = 0
  let frame = 0
  const timer = setInterval(() => {
    const pcm = new Float32Array(960)
    for (let index = 0; index < 960; index++) {
      const t = (frame + index) / 48_000
      pcm[index] = 0.4 * Math.sin(2 * Math.PI * (300 + 200 * Math.sin(t * 1.7)) * t)
    }
    const bytes = encodeFrame({ kind: frameKinds.capture, format: frameFormats.float32, channels: 1, session: handle, seq: seq++, frames: 960, firstFrame: frame, payload: new Uint8Array(pcm.buffer) })
    const decoded = decodeFrame(bytes)
    if ('refused' in decoded) throw new Error(decoded.refused)
    fleet.ctx.inside.captures.feed(decoded, { connectionId: 'window', acknowledge: () => undefined })
    sent.push(pcm)
    frame += 960
  }, 20)
  return { sent, stop: () => clearInterval(timer) }
}

/** Listens like a radio: bearer token, until the server ends the stream. */
function listen(device: TinyDevice, letter: LiveLetter): Promise<{ status: number; body: Buffer }> {
  const url = letter.streams?.[0]?.url ?? ''
  return new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false, agent: false, headers: { authorization: `Bearer ${letter.token ?? ''}` } }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }))
      response.on('error', reject)
    }).on('error', reject)
  })
}

describe('a live session', () => {
  it('prepares, counts who is ready, is heard as spoken, keeps the last words and stops', async () => {
    await using fleet = await openFleet()
    const room = openLive(fleet.ctx, { devices: fleet.room })
    const commune = await fleet.unit('Xã A')
    const hamlet = await fleet.unit('Thôn 1', commune)
    const radio = await fleet.device('SPK-000001', hamlet)
    await fleet.device('SPK-000002', hamlet, { connect: false })

    const session = await callRoom(room, 'live.prepare', { title: 'Nói trực tiếp', targets: { unitIds: [commune], deviceIds: [] }, urgent: false, channels: 1 })
    expect(session).toMatchObject({ state: 'preparing', prio: 5, online: 1, ready: 0 })
    expect(session.devices).toHaveLength(2)
    const prepare = await radio.letter(live('prepare'))
    expect(prepare.exp - prepare.iat).toBeLessThanOrEqual(180)
    const heard = listen(radio, prepare)
    const mic = microphone(fleet, session.handle)
    await radio.ack(prepare, 'ready', 'ok', { ampWarmMs: 0 })
    await until('ready 1', async () => (await callRoom(room, 'live.list', {})).sessions[0]?.ready === 1)

    await new Promise((resolve) => setTimeout(resolve, 500))
    const spokenFrom = mic.sent.length
    await callRoom(room, 'live.start', { sid: session.sid })
    const start = await radio.letter(live('start'))
    expect(start.rev).toBe(2)
    if (start.anchor === undefined) throw new Error('no anchor')
    expect(Math.abs(instantUs(start.anchor.at) / 1000 - Date.now())).toBeLessThan(5000)
    await radio.ack(start, 'sounding', 'ok', { lvl: 1 })
    await until('sounding 1', async () => (await callRoom(room, 'live.list', {})).sessions[0]?.sounding === 1)
    expect(fleet.room.devices().find((device) => device.id === radio.id)?.state).toBe('playing-live')
    await new Promise((resolve) => setTimeout(resolve, 2000))
    const spokenTo = mic.sent.length
    await callRoom(room, 'live.stop', { sid: session.sid })
    mic.stop()
    const stoppedAt = performance.now()
    const stop = await radio.letter(live('stop'), 15_000)
    expect(performance.now() - stoppedAt).toBeGreaterThan(2900)
    expect(stop.rev).toBe(3)
    expect(stop.exp).toBeGreaterThanOrEqual(start.exp)
    const stream = await heard
    expect(stream.status).toBe(200)
    await until('ended', async () => (await callRoom(room, 'live.list', {})).sessions[0]?.state === 'ended')

    // What came out is what was said between start and stop, at its place; around it there is silence.
    const media = openMedia(fleet.ctx)
    const [ogg, wav] = [join(fleet.ctx.folders.temp, 'l.ogg'), join(fleet.ctx.folders.temp, 'l.wav')]
    writeFileSync(ogg, stream.body)
    const pcm = await media.decodeToPcm(ogg, wav, { bits: 16, channels: 1, signal: AbortSignal.timeout(20_000) })
    const sound = readPcm(wav, pcm)
    const said = Float32Array.from(mic.sent.slice(spokenFrom + 5, spokenTo - 5).flatMap((block) => [...block]))
    let best = 0
    for (let offset = 0; offset + said.length <= sound.length; offset += 48) best = Math.max(best, correlation(said.subarray(0, 9600), sound, offset))
    expect(best).toBeGreaterThan(0.9)
    const loud = (from: number, to: number): number => sound.subarray(from, to).reduce((top, value) => Math.max(top, Math.abs(value)), 0)
    expect(loud(0, 12_000)).toBeLessThan(0.01)
    expect(loud(sound.length - 48_000, sound.length)).toBeLessThan(0.01)
  })

  it('refuses a listener without the token and targets nobody listens in', async () => {
    await using fleet = await openFleet()
    const room = openLive(fleet.ctx, { devices: fleet.room })
    const hamlet = await fleet.unit('Thôn 1')
    await expect(callRoom(room, 'live.prepare', { title: 'x', targets: { unitIds: [hamlet], deviceIds: [] }, urgent: true, channels: 1 })).rejects.toMatchObject({ code: 'no-target' })
    const radio = await fleet.device('SPK-000001', hamlet)
    const session = await callRoom(room, 'live.prepare', { title: 'x', targets: { unitIds: [], deviceIds: [radio.id] }, urgent: true, channels: 1 })
    expect(session.prio).toBe(6)
    const letter = await radio.letter(live('prepare'))
    const url = letter.streams?.[0]?.url ?? ''
    expect((await radio.http(url, { anonymous: true })).status).toBe(401)
    expect((await radio.http(url, { anonymous: true, headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
    await callRoom(room, 'live.stop', { sid: session.sid })
    await radio.letter(live('stop'))
    expect((await radio.http(url, { anonymous: true })).status).toBe(404)
  })
})
