import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { acceptLetter, MAX_MANIFEST_BYTES } from '#common/letters/index.ts'
import type { DesiredLetter, Letter, ManifestLetter } from '#common/letters/index.ts'
import { samples } from '#common/units/samples.ts'
import { createPrimitives } from '#contract/bs1-primitives.ts'
import type { CompiledPlan, PlannedPlay } from '../../../main/station/faces.ts'
import { openMedia } from '../../../main/station/media/index.ts'
import { openSpeech } from '../../../main/station/speech/index.ts'
import { writeSound } from '../../../main/station/sounds/index.ts'
import { openTestContext } from '../../support/context.ts'
import { openFleet } from '../../support/fleet.ts'
import { readPcm, correlation } from '../../support/correlate.ts'
import { until } from '../../support/until.ts'

const primitives = createPrimitives(crypto.subtle)
const hasManifest = (ver: number) => (letter: Letter): letter is DesiredLetter => letter.typ === 'desired' && (letter.cfg.manifest?.ver ?? 0) > ver

describe('content for devices', () => {
  it('reaches a radio within two seconds of a line put in the log, signed, by hash and in ranges', async () => {
    const speechCtx = await openTestContext()
    const speech = await openSpeech(speechCtx, { media: openMedia(speechCtx) })
    const { path } = await speech.synthesize({ text: 'Kính thưa bà con, đây là bản tin thử của đài truyền thanh xã. Xin mời bà con chú ý lắng nghe.' })
    const media = openMedia(speechCtx)
    const pcm = await media.openPcm(path)

    let give: (plan: CompiledPlan) => void = () => undefined
    const empty: CompiledPlan = { compiledAt: 0, fromAt: 0, untilAt: 0, lines: [], slots: [], days: [], fill: [], plays: [] }
    await using fleet = await openFleet('embedded', { log: { plan: () => empty, onPlan: (run) => { give = run; return () => undefined } } })
    const unit = await fleet.unit('Thôn 1')
    const radio = await fleet.device('SPK-000001', unit)
    const startAt = Math.ceil(Date.now() / 1000) * 1000 + 20_000
    const play: PlannedPlay = {
      lineId: fleet.ctx.newId(), broadcastDate: '2026-11-21', itemId: fleet.ctx.newId(), title: 'Bản tin', sha256: createHash('sha256').update(path).digest('hex'), pcm, gainDb: 0, startAt, playSamples: pcm.length, chainStart: true, cut: false, targetUnitIds: [unit],
    }
    const before = fleet.room.publisher.pointer()?.ver ?? 0
    const addedAt = performance.now()
    give({ compiledAt: Date.now(), fromAt: Date.now(), untilAt: Date.now() + 48 * 3_600_000, lines: [], slots: [], days: [], fill: [], plays: [play] })
    const fits = hasManifest(before)
    const desired = await radio.letter((letter): letter is DesiredLetter => fits(letter) && fleet.room.publisher.titleOf(play.lineId) !== null)
    expect(performance.now() - addedAt).toBeLessThan(8000)
    const pointer = desired.cfg.manifest
    const base = fleet.room.addresses().devicesUrl
    if (pointer === undefined) throw new Error('no pointer')
    const reply = await radio.http(`${base}${fleet.room.publisher.pointer()?.url ?? ''}`)
    expect(reply.status).toBe(200)
    const state = radio.inbox?.state
    if (state === undefined) throw new Error('not paired')
    const verdict = await acceptLetter(reply.body, state, { nowMs: Date.now(), monotonicMs: 0, bootMs: 0 }, primitives, { maxBytes: MAX_MANIFEST_BYTES })
    expect(verdict.code).toBe('ok')
    const isManifest = (letter: Letter | null): letter is ManifestLetter => letter?.typ === 'manifest'
    if (!isManifest(verdict.letter)) throw new Error('no manifest')
    const { sched, items } = verdict.letter
    expect(sched).toMatchObject([{ slot: play.lineId, groups: ['thon-1'], prio: 3 }])
    const item = items.find((entry) => entry.sha256 === sched[0]?.play?.[0]?.item)
    if (item === undefined) throw new Error('no item')

    // Whole, then the same in two parts as after a cut.
    const whole = await radio.http(`${base}/c/${item.sha256}`)
    expect(createHash('sha256').update(whole.body).digest('hex')).toBe(item.sha256)
    expect(whole.headers['etag']).toBe(`"${item.sha256}"`)
    expect(whole.headers['repr-digest']).toBe(`sha-256=:${Buffer.from(item.sha256, 'hex').toString('base64')}:`)
    const part = await radio.http(`${base}/c/${item.sha256}`, { headers: { range: 'bytes=1000-', 'if-range': `"${item.sha256}"` } })
    expect(part.status).toBe(206)
    expect(part.body.equals(whole.body.subarray(1000))).toBe(true)
    const other = await radio.http(`${base}/c/${item.sha256}`, { headers: { range: 'bytes=1000-', 'if-range': '"other"' } })
    expect(other.status).toBe(200)
    expect(item.chunks?.sha256.map((hash) => hash)).toEqual(Array.from({ length: Math.ceil(whole.body.length / 262_144) }, (_, index) => createHash('sha256').update(whole.body.subarray(index * 262_144, (index + 1) * 262_144)).digest('hex')))

    // What the radio decodes is what was approved.
    const ogg = join(fleet.ctx.folders.temp, 'heard.ogg')
    const wav = join(fleet.ctx.folders.temp, 'heard.wav')
    writeFileSync(ogg, whole.body)
    const heard = await media.decodeToPcm(ogg, wav, { bits: 16, channels: 1, signal: AbortSignal.timeout(20_000) })
    const result = correlation(readPcm(path, pcm), readPcm(wav, heard))
    console.info(`correlation ${result.toFixed(5)} at 96 kbit/s`)
    expect(result).toBeGreaterThan(0.99)

    // The same plan again is no news; a shorter play is.
    const ver = fleet.room.publisher.pointer()?.ver
    give({ compiledAt: Date.now(), fromAt: Date.now(), untilAt: Date.now() + 48 * 3_600_000, lines: [], slots: [], days: [], fill: [], plays: [play] })
    await fleet.room.publisher.settled()
    expect(fleet.room.publisher.pointer()?.ver).toBe(ver)
    give({ compiledAt: Date.now(), fromAt: Date.now(), untilAt: Date.now() + 48 * 3_600_000, lines: [], slots: [], days: [], fill: [], plays: [{ ...play, playSamples: samples(48_000), cut: true }] })
    await until('a new manifest', () => fleet.room.publisher.pointer()?.ver !== ver)
    await speechCtx.dispose()
  })

  it('includes the stored emergency set: sirens, generic speech, all clear', async () => {
    const speechCtx = await openTestContext()
    const speech = await openSpeech(speechCtx, { media: openMedia(speechCtx) })
    await using fleet = await openFleet('embedded', { emergency: { siren: writeSound, speak: (text) => speech.synthesize({ text }).then((made) => made.path) } })
    await until('the set is made', () => fleet.room.stored().allClear !== null, 60_000)
    await fleet.room.publisher.settled()
    const body = fleet.room.publisher.get(fleet.room.publisher.pointer()?.ver ?? 0)?.body ?? ''
    const letter = JSON.parse(Buffer.from(body.split('.')[1] ?? '', 'base64url').toString())
    expect(Object.keys(letter.emg.sirens)).toEqual(['lu-quet', 'khac'])
    expect(Object.keys(letter.emg.generic)).toContain('bao')
    expect(letter.items.every((item: { keep: string }) => item.keep === 'pin')).toBe(true)
    await speechCtx.dispose()
  })
})
