import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Item } from '#contract/library.ts'
import { openDenoiser } from '../../../main/station/sound/rnnoise/denoise.ts'
import { RnnoiseHighPass } from '../../../main/station/sound/rnnoise/high-pass.ts'
import { callRoom } from '../../support/context.ts'
import { ffmpegMake, joined, noise, silence, speakToWav, writeWav } from '../../support/signals.ts'
import type { Signal } from '../../support/signals.ts'
import { openSoundBench, partOf, readSignal, rmsDb } from '../../support/sound-room.ts'
import type { SoundBench } from '../../support/sound-room.ts'

/** RNNoise of the package, in the station's own threads, on real speech in real noise. Figures are printed. */
const RATE = 48_000
let room: SoundBench
/** A voice with a second of nothing before it, without noise. */
let clean: Float32Array
let noisy: Item

const first = (signal: Signal): Float32Array => signal[0] ?? new Float32Array(0)
const added = (sound: Float32Array, other: Float32Array): Float32Array => sound.map((value, n) => value + (other[n % other.length] ?? 0))
const { signal } = new AbortController()

beforeAll(async () => {
  room = await openSoundBench()
  const raw = join(room.bench.desk, 'raw.wav')
  const speech = join(room.bench.desk, 'speech.wav')
  await speakToWav(raw, 'Kính thưa bà con. Đây là bản tin sáng của đài truyền thanh xã.')
  await ffmpegMake('-i', raw, '-ar', '48000', '-ac', '1', '-af', 'volume=-6dB', '-c:a', 'pcm_s24le', speech)
  clean = first(joined(silence(1), await readSignal(await room.bench.media.openPcm(speech)), silence(0.5)))
  noisy = await room.item('ồn', [added(clean, first(noise({ dbfs: -26, seconds: clean.length / RATE })))])
})
afterAll(() => room[Symbol.asyncDispose]())

/** Where somebody speaks: pieces of 10 ms that are not far under the loudest. */
function spoken(): number[] {
  const levels = Array.from({ length: Math.floor(clean.length / 480) }, (_, n) => rmsDb(clean, n / 100, (n + 1) / 100))
  const loudest = Math.max(...levels)
  return levels.flatMap((level, n) => (level > loudest - 20 ? [n * 480] : []))
}
/** What lies under 20 Hz is not the voice, and RNNoise takes it away before it listens. */
function rumbleless(sound: Float32Array): Float32Array {
  const out = sound.slice()
  new RnnoiseHighPass().run(out)
  return out
}
/** How loud the voice still is, and how far under it everything else lies, both in dB: over what was spoken. */
function voiceIn(sound: Float32Array, voiceAlone = clean): { levelDb: number; snrDb: number } {
  let [voice, cross, whole] = [0, 0, 0]
  for (const at of spoken()) {
    for (let n = at; n < at + 480; n++) {
      voice += (voiceAlone[n] ?? 0) ** 2
      cross += (voiceAlone[n] ?? 0) * (sound[n] ?? 0)
      whole += (sound[n] ?? 0) ** 2
    }
  }
  const gain = cross / voice
  return { levelDb: 20 * Math.log10(gain), snrDb: 10 * Math.log10((gain * gain * voice) / (whole - gain * gain * voice)) }
}
async function treated(amount: number, reducer: 'rnnoise' | 'afftdn' = 'rnnoise'): Promise<Float32Array> {
  const { parts: [part] } = await room.report(callRoom(room.sound, 'sound.treat', { title: 'Làm sạch', parts: [partOf(noisy)], treatment: { kind: 'cleanUp', amount, reducer, rumble: false, hum: false, clicks: false, sibilance: false } }), 'treated')
  return first(await room.pcm(part?.itemId ?? ''))
}

describe('RNNoise', () => {
  it('is there without anybody having brought a model', async () => {
    expect((await callRoom(room.sound, 'sound.abilities', {})).reducers[0]).toBe('rnnoise')
  })

  it('lifts the voice out of the noise, as loud as it was, at its place and to the sample as long', async () => {
    const before = voiceIn(first(await room.pcm(noisy.id)))
    const sound = await treated(100)
    const after = voiceIn(sound, rumbleless(clean))
    const spectral = voiceIn(await treated(100, 'afftdn'))
    const room1 = rmsDb(first(await room.pcm(noisy.id)), 0.1, 0.9)
    console.log(`voice over noise: ${before.snrDb.toFixed(1)} dB as it was, ${after.snrDb.toFixed(1)} dB by RNNoise (voice ${after.levelDb.toFixed(2)} dB), ${spectral.snrDb.toFixed(1)} dB by afftdn (voice ${spectral.levelDb.toFixed(2)} dB); between the words ${room1.toFixed(1)} → ${rmsDb(sound, 0.1, 0.9).toFixed(1)} dBFS`)
    expect(sound.length).toBe(clean.length)
    expect(after.snrDb).toBeGreaterThan(before.snrDb + 4)
    expect(Math.abs(after.levelDb)).toBeLessThan(1)
    expect(rmsDb(sound, 0.1, 0.9)).toBeLessThan(room1 - 25)
  })

  it('leaves as much of the noise as the slider says, and the voice in step with itself on the way', async () => {
    const was = rmsDb(first(await room.pcm(noisy.id)), 0.1, 0.9)
    for (const [amount, depth] of [[50, 20]] as const) {
      const sound = await treated(amount)
      expect(Math.abs(was - rmsDb(sound, 0.1, 0.9) - depth), `${amount}`).toBeLessThan(1)
      // Out of step the two sounds would cancel each other in places.
      expect(Math.abs(voiceIn(sound).levelDb)).toBeLessThan(1)
    }
  })

  it('has nothing to do with a voice without noise', async () => {
    const pcm = await room.bench.media.openPcm(await writeWav(join(room.bench.desk, 'clean.wav'), [clean], { format: 'float32' }))
    const made = await openDenoiser(room.bench.media).denoise(pcm, join(room.bench.desk, 'clean-out.wav'), { range: { start: 0, end: pcm.length }, mix: 1, signal })
    const sound = first(await readSignal(made))
    expect(sound.length).toBe(clean.length)
    expect(Math.abs(voiceIn(sound).levelDb)).toBeLessThan(0.5)
    expect(voiceIn(sound).snrDb).toBeGreaterThan(12)
  })

  it('of two channels listens to each by itself', async () => {
    const right = first(noise({ dbfs: -30, seconds: clean.length / RATE, seed: 3 })).subarray(0, clean.length)
    const pcm = await room.bench.media.openPcm(await writeWav(join(room.bench.desk, 'two.wav'), [clean, right], { format: 'float32' }))
    const all = await readSignal(await openDenoiser(room.bench.media).denoise(pcm, join(room.bench.desk, 'two-out.wav'), { range: { start: 0, end: pcm.length }, mix: 1, signal }))
    expect(all.map((channel) => channel.length)).toEqual([pcm.length, pcm.length])
    expect(Math.abs(voiceIn(first(all)).levelDb)).toBeLessThan(0.5)
    // Nothing but noise, whatever is said beside it.
    expect(rmsDb(all[1] ?? right, 2, pcm.length / RATE - 0.5)).toBeLessThan(-55)
  }, 180_000)

  it('of a long stretch is made by two threads, which meet without a step', async () => {
    const denoiser = openDenoiser(room.bench.media)
    const seconds = 31
    const repeated = first(joined(...Array.from({ length: Math.ceil((seconds * RATE) / clean.length) }, (): Signal => [clean]))).subarray(0, seconds * RATE)
    const pcm = await room.bench.media.openPcm(await writeWav(join(room.bench.desk, 'long.wav'), [added(repeated, first(noise({ dbfs: -36, seconds })))], { format: 'float32' }))
    const all = first(await readSignal(await denoiser.denoise(pcm, join(room.bench.desk, 'long-out.wav'), { range: { start: 0, end: pcm.length }, mix: 1, signal })))
    expect(all.length).toBe(pcm.length)
    // The same place in one thread, begun well before.
    const from = Math.floor(pcm.length / 2) - 3 * RATE
    const part = first(await readSignal(await denoiser.denoise(pcm, join(room.bench.desk, 'part-out.wav'), { range: { start: from, end: from + 5 * RATE }, mix: 1, signal })))
    const difference = part.map((value, n) => value - (all[from + n] ?? 0))
    const loud = rmsDb(part, 0, 5)
    expect(rmsDb(difference, 3, 3.1), 'right behind the seam').toBeLessThan(loud - 30)
    expect(rmsDb(difference, 1, 5)).toBeLessThan(loud - 35)
  }, 180_000)

  it('ends with what is taken back, and what is not there is told', async () => {
    const denoiser = openDenoiser(room.bench.media)
    const pcm = await room.bench.media.openPcm(join(room.bench.desk, 'two.wav'))
    await expect(denoiser.denoise(pcm, join(room.bench.desk, 'x.wav'), { range: { start: 10, end: 10 }, mix: 1, signal })).rejects.toMatchObject({ code: 'invalid-input' })
    const stop = new AbortController()
    const work = denoiser.denoise(pcm, join(room.bench.desk, 'x.wav'), { range: { start: 0, end: pcm.length }, mix: 1, signal: stop.signal })
    stop.abort()
    await expect(work).rejects.toMatchObject({ code: 'cancelled' })
  })
})
