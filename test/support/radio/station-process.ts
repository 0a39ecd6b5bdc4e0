import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import mqtt, { type MqttClient } from 'mqtt'
import { z } from 'zod'
import { deviceTopic } from '#common/letters/index.ts'
import { samples } from '#common/units/samples.ts'
import type { CompiledPlan, PlannedPlay } from '../../../main/station/faces.ts'
import { openMedia } from '../../../main/station/media/index.ts'
import { callRoom, openTestContext } from '../context.ts'
import { babble, sine, wavBytes } from '../signals.ts'

/**
 * The rooms of a station that radios meet, in a process of its own, so that a test can kill it. Speaks JSON over the IPC channel:
 * `{id, op, …}` → `{id, value}` or `{id, error}`.
 */
const Play = z.object({ lineId: z.string(), itemId: z.string(), title: z.string(), wav: z.string(), sha256: z.string(), startAt: z.number(), frames: z.number(), gainDb: z.number().default(0), chainStart: z.boolean(), cut: z.boolean().default(false), unitIds: z.array(z.string()) })
const Message = z.discriminatedUnion('op', [
  z.object({ id: z.number(), op: z.literal('call'), name: z.string(), input: z.unknown() }),
  z.object({ id: z.number(), op: z.literal('plan'), plays: z.array(Play) }),
  z.object({ id: z.number(), op: z.literal('letter'), letter: z.object({ typ: z.enum(['live', 'alert', 'screen', 'cmd']), aud: z.array(z.string()), leaseSec: z.number(), prio: z.number(), claims: z.record(z.string(), z.unknown()) }), emergency: z.boolean().default(false) }),
  z.object({ id: z.number(), op: z.literal('content'), file: z.string(), mime: z.string() }),
  z.object({ id: z.number(), op: z.literal('openStream'), sid: z.string() }),
  z.object({ id: z.number(), op: z.literal('speak'), sid: z.string(), wav: z.string() }),
  z.object({ id: z.number(), op: z.literal('anchor'), sid: z.string() }),
  z.object({ id: z.number(), op: z.literal('closeStream'), sid: z.string() }),
  z.object({ id: z.number(), op: z.literal('addresses') }),
  z.object({ id: z.number(), op: z.literal('inject'), dev: z.string(), rest: z.string(), payload: z.string() }),
])

// The station's own connection to its broker, so that a test can put any bytes on any topic as a stolen broker would.
const clients: MqttClient[] = []
const begin = mqtt.MqttClient.prototype.connect
mqtt.MqttClient.prototype.connect = function connectAndRemember(this: MqttClient) {
  clients.push(this)
  return begin.call(this)
}
const { openDevices } = await import('../../../main/station/devices/index.ts')

const ctx = await openTestContext({ folder: process.argv[2] ?? '' })
const media = openMedia(ctx)
const rooms = await openDevices(ctx, {
  media,
  emergency: {
    siren: (name, path) => writeFile(path, wavBytes(sine({ hz: name === 'khac' ? 700 : 900, dbfs: -12, seconds: 1.5 }))),
    async speak(text) {
      const path = join(ctx.folders.temp, `spoken-${ctx.newId()}.wav`)
      await writeFile(path, wavBytes(babble(1.2, text.length)))
      return path
    },
  },
})
const person = ctx.newId()
ctx.db.pragma('foreign_keys = OFF')
await rooms.sealEmergencyKey(person, '246810')
const streams = new Map<string, ReturnType<typeof rooms.openStream>>()

async function answer(message: z.infer<typeof Message>): Promise<unknown> {
  switch (message.op) {
    case 'call': return callRoom<'devices.fleet'>(rooms, message.name as 'devices.fleet', message.input as Record<string, never>)
    case 'plan': {
      const now = ctx.clock.now()
      const plays: PlannedPlay[] = message.plays.map((play) => ({
        lineId: play.lineId, broadcastDate: '2026-11-21', itemId: play.itemId, title: play.title, sha256: play.sha256, gainDb: play.gainDb, startAt: play.startAt, playSamples: samples(play.frames), chainStart: play.chainStart, cut: play.cut,
        targetUnitIds: play.unitIds, pcm: { path: play.wav, format: 'int16', channels: 1, dataOffsetBytes: 44, length: samples(play.frames) },
      }))
      const plan: CompiledPlan = { compiledAt: now, fromAt: now, untilAt: now + 48 * 3_600_000, lines: [], slots: [], days: [], fill: [], plays }
      rooms.publisher.setPlan(plan)
      await rooms.publisher.settled()
      return rooms.publisher.pointer()
    }
    case 'letter': return message.emergency ? rooms.withEmergencyKey(person, '246810', (sign) => sign(message.letter)) : rooms.publishLetter(message.letter)
    case 'content': {
      const copy = join(ctx.folders.temp, ctx.newId())
      await copyFile(message.file, copy)
      return rooms.addContent(copy, message.mime, { pinned: false })
    }
    case 'openStream': {
      const stream = rooms.openStream(message.sid, { channels: 1, kbps: 32 })
      streams.set(message.sid, stream)
      return { urls: stream.urls, token: stream.token }
    }
    case 'speak': {
      const { readFileSync } = await import('node:fs')
      const data = readFileSync(message.wav).subarray(44)
      const pcm = new Float32Array(data.length / 2)
      for (let i = 0; i < pcm.length; i++) pcm[i] = data.readInt16LE(i * 2) / 32_768
      const stream = streams.get(message.sid)
      const began = performance.now()
      let frame = 0
      // A microphone: 20 ms blocks as their time has passed.
      const timer = setInterval(() => {
        while (frame < pcm.length && (frame + 960) / 48 <= performance.now() - began) {
          stream?.write(pcm.subarray(frame, frame + 960), frame)
          frame += 960
        }
        if (frame >= pcm.length) clearInterval(timer)
      }, 10)
      return { beganAt: ctx.clock.now() }
    }
    case 'anchor': return streams.get(message.sid)?.anchor() ?? null
    case 'closeStream': return streams.get(message.sid)?.close()
    case 'inject': {
      const org = /"org":"([^"]+)"/.exec(Buffer.from(message.payload.split('.')[1] ?? '', 'base64url').toString())?.[1] ?? ''
      return clients[0]?.publishAsync(deviceTopic(org, message.dev, message.rest), message.payload, { qos: 1 }).then(() => null)
    }
    case 'addresses': return rooms.addresses()
  }
}

process.on('message', (raw) => {
  const message = Message.parse(raw)
  answer(message).then(
    (value) => process.send?.({ id: message.id, value: value ?? null }),
    (error: unknown) => process.send?.({ id: message.id, error: error instanceof Error ? `${error.name} ${error.message} ${JSON.stringify(error)}` : String(error) }),
  )
})
process.on('disconnect', () => void ctx.dispose().then(() => process.exit(0)))
process.send?.({ ready: true })
