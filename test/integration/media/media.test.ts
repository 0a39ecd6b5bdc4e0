import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPeakAccumulator, decodePeaks, decodeRms } from '#common/peaks/index.ts'
import { AppError } from '#contract/errors.ts'
import type { MediaRoom } from '../../../main/station/faces.ts'
import { openTestMedia } from '../../support/media-room.ts'
import { babble, counterAt, counterWav, ffmpegMake, joined, noise, silence, sine, speakToWav, wavBytes, writeLongWav, writeWav } from '../../support/signals.ts'
import { deferred, within } from '../../support/waiting.ts'

let folder = ''
let media: MediaRoom
let dispose: () => Promise<void>
const never = new AbortController().signal
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vangxa-media-'))
  ;({ media, dispose } = openTestMedia())
})
afterAll(async () => {
  await dispose()
  await rm(folder, { recursive: true, force: true })
})

async function correlation(a: string, b: string): Promise<number> {
  const [one, two] = await Promise.all([a, b].map(async (path) => {
    const pcm = await media.openPcm(path)
    const bytes = (await readFile(path)).subarray(pcm.dataOffsetBytes)
    return Array.from({ length: pcm.length }, (_, n) => bytes.readInt16LE(n * pcm.channels * 2))
  }))
  let ab = 0
  let aa = 0
  let bb = 0
  for (const [n, x] of (one ?? []).entries()) {
    const y = two?.[n] ?? 0
    ab += x * y
    aa += x * x
    bb += y * y
  }
  return ab / Math.sqrt(aa * bb)
}

describe('the choice of ffmpeg', () => {
  it('reads version, encoders and filters of the one on PATH', async () => {
    const known = await media.ffmpeg()
    expect(known.version).not.toBe('')
    expect([...known.encoders]).toEqual(expect.arrayContaining(['libmp3lame', 'libopus', 'flac', 'pcm_s24le']))
    expect(known.filters.has('ebur128')).toBe(true)
  })
  it('prefers the setting, and passes over one that is not an ffmpeg', async () => {
    const fake = at('not-ffmpeg')
    await writeFile(fake, '#!/bin/sh\nexit 3\n')
    await chmod(fake, 0o755)
    const wrong = openTestMedia({ ffmpegPath: fake })
    expect((await wrong.media.ffmpeg()).source).not.toBe('setting')
    const right = openTestMedia({ ffmpegPath: (await media.ffmpeg()).path })
    expect((await right.media.ffmpeg()).source).toBe('setting')
    await Promise.all([wrong.dispose(), right.dispose()])
  })
})

describe('a decode', () => {
  it('gives every sample of a 24-bit FLAC back', async () => {
    await writeFile(at('counter.wav'), counterWav(100_000, 2, 5_000_000))
    await ffmpegMake('-i', at('counter.wav'), '-c:a', 'flac', at('counter.flac'))
    const seen: (number | null)[] = []
    const pcm = await media.decodeToPcm(at('counter.flac'), at('out.wav'), { bits: 24, signal: never, expectedSeconds: 100_000 / 48_000, progress: (value) => seen.push(value) })
    expect(pcm).toMatchObject({ format: 'int24', channels: 2, length: 100_000 })
    const data = (await readFile(at('out.wav'))).subarray(pcm.dataOffsetBytes)
    for (const frame of [0, 1, 4_095, 50_000, 99_999]) expect([counterAt(data, frame * 2), counterAt(data, frame * 2 + 1)]).toEqual([5_000_000 + frame, 5_000_000 + frame])
    expect(seen[0]).toBe(0)
  })

  it('folds six channels to two and brings 44.1 kHz to 48 kHz', async () => {
    await writeWav(at('six.wav'), noise({ dbfs: -20, seconds: 1, channels: 6 }))
    expect(await media.decodeToPcm(at('six.wav'), at('two.wav'), { bits: 16, channels: 2, signal: never })).toMatchObject({ channels: 2, length: 48_000 })
    await writeWav(at('cd.wav'), sine({ hz: 1_000, dbfs: -12, seconds: 2, rateHz: 44_100 }), { rateHz: 44_100 })
    const pcm = await media.decodeToPcm(at('cd.wav'), at('cd48.wav'), { bits: 16, signal: never })
    expect(pcm).toMatchObject({ channels: 1, length: 96_000 })
    await writeWav(at('ideal.wav'), sine({ hz: 1_000, dbfs: -12, seconds: 2 }))
    expect(await correlation(at('cd48.wav'), at('ideal.wav'))).toBeGreaterThan(0.9999)
  })

  it('that is cancelled ends soon and leaves nothing', async () => {
    await writeLongWav(at('long.wav'), noise({ dbfs: -20, seconds: 1, channels: 2 }), 1_200)
    const before = await readdir(folder)
    const abort = new AbortController()
    const begun = deferred()
    const running = media.decodeToPcm(at('long.wav'), at('never.wav'), { bits: 24, signal: abort.signal, expectedSeconds: 1_200, progress: (value) => { if (value !== null && value > 0) begun.resolve() } })
    running.catch(() => undefined)
    await Promise.race([begun.promise, running])
    abort.abort()
    await expect(within(running, 5_000, 'the cancelled decode')).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(folder)).toEqual(before)
    await rm(at('long.wav'))
  })

  it('can be read while the disk still takes it in, and stands only when what is made of it is made as well', async () => {
    await writeWav(at('tone.wav'), sine({ hz: 440, dbfs: -6, seconds: 3 }))
    await ffmpegMake('-i', at('tone.wav'), '-c:a', 'flac', at('tone.flac'))
    const seen: { peak: number; length: number; isThere: boolean }[] = []
    const pcm = await media.decodeToPcm(at('tone.flac'), at('tone48.wav'), { bits: 16, signal: never, meanwhile: async (made) => {
      const { peak } = await media.writePeaks(made, at('tone.dat'), { signal: never })
      seen.push({ peak, length: made.length, isThere: (await readdir(folder)).includes('tone48.wav') })
    } })
    expect(seen).toEqual([{ peak: expect.closeTo(0.501, 3), length: 144_000, isThere: false }])
    expect(await media.openPcm(at('tone48.wav'))).toEqual(pcm)

    const before = await readdir(folder)
    const refused = media.decodeToPcm(at('tone.flac'), at('refused.wav'), { bits: 16, signal: never, meanwhile: () => Promise.reject(new AppError('file-silent')) })
    await expect(refused).rejects.toMatchObject({ code: 'file-silent' })
    expect(await readdir(folder)).toEqual(before)
  })

  it('that goes past its limit is stopped as too long', async () => {
    await writeLongWav(at('hour.wav'), noise({ dbfs: -20, seconds: 1 }), 3_600)
    await expect(media.decodeToPcm(at('hour.wav'), at('never.wav'), { bits: 24, channels: 2, signal: never, maxSeconds: 1 })).rejects.toMatchObject({ code: 'file-too-long' })
    expect(await readdir(folder)).not.toContain('never.wav')
    await rm(at('hour.wav'))
  })

  it('never lets a playlist read another file', async () => {
    await writeFile(at('list.mp3'), `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n${at('counter.wav')}\n#EXT-X-ENDLIST\n`)
    await writeFile(at('concat.mp3'), `ffconcat version 1.0\nfile ${at('counter.wav')}\n`)
    for (const name of ['list.mp3', 'concat.mp3']) await expect(media.probe(at(name), never)).rejects.toMatchObject({ code: 'file-not-audio' })
  })

  it('understands file names with spaces, quotes, percent signs, Vietnamese in both forms and emoji', async () => {
    for (const name of ['Bản tin "sáng" 100%d.mp3', 'Đường làng 🎙️.mp3'.normalize('NFD'), "-i it's; $(reboot).mp3", 'concat:a|b.mp3']) {
      await ffmpegMake('-f', 'lavfi', '-i', 'sine=d=0.5', '-f', 'mp3', `file:${at(name)}`)
      expect((await media.probe(at(name), never)).codec).toBe('mp3')
      expect((await media.decodeToPcm(at(name), at('named.wav'), { bits: 16, signal: never })).length).toBeGreaterThan(23_000)
    }
  })
})

describe('the loudness', () => {
  it('of a 1 kHz stereo sine at -23 dBFS is -23.0 LUFS, true peak -23', async () => {
    await writeWav(at('ref.wav'), sine({ hz: 1_000, dbfs: -23, seconds: 20, channels: 2 }), { format: 'int24' })
    const measured = await media.measureLoudness(at('ref.wav'), never)
    expect(Math.abs((measured.integratedLufs ?? 0) + 23)).toBeLessThanOrEqual(0.1)
    expect(Math.abs((measured.truePeakDbtp ?? 0) + 23)).toBeLessThanOrEqual(0.2)
    expect(measured.rangeLu).toBe(0)
  })
  it('follows Tech 3341 case 3: the quiet parts around the tone are gated out', async () => {
    const part = (dbfs: number, seconds: number) => sine({ hz: 1_000, dbfs, seconds, channels: 2 })
    await writeWav(at('gate.wav'), joined(part(-36, 10), part(-23, 60), part(-36, 10)), { format: 'int24' })
    expect(Math.abs(((await media.measureLoudness(at('gate.wav'), never)).integratedLufs ?? 0) + 23)).toBeLessThanOrEqual(0.1)
  })
  it('sees a true peak between the samples', async () => {
    // A hard start would ring above the tone itself.
    const fade = 4_800
    const tone = sine({ hz: 12_000, dbfs: -6, seconds: 3, phase: Math.PI / 4 }).map((data) => data.map((value, n) => value * Math.min(1, n / fade, (data.length - 1 - n) / fade)))
    expect(20 * Math.log10(Math.max(...(tone[0] ?? []).slice(48_000, 48_100)))).toBeCloseTo(-9.01, 1)
    await writeWav(at('quarter.wav'), tone, { format: 'int24' })
    const truePeak = (await media.measureLoudness(at('quarter.wav'), never)).truePeakDbtp ?? 0
    expect(truePeak).toBeGreaterThan(-6.4)
    expect(truePeak).toBeLessThan(-5.8)
  })
  it('is not guessed for silence or less than 400 ms', async () => {
    await writeWav(at('silent.wav'), silence(2))
    expect((await media.measureLoudness(at('silent.wav'), never)).integratedLufs).toBeNull()
    await writeWav(at('short.wav'), sine({ hz: 1_000, dbfs: -20, seconds: 0.3 }))
    expect((await media.measureLoudness(at('short.wav'), never)).integratedLufs).toBeNull()
  })
})

describe('a peaks file', () => {
  it('of a tiny stereo WAV is, byte for byte, what one writes by hand', async () => {
    const left = Float32Array.from({ length: 300 }, (_, n) => (n === 5 ? 0.5 : n === 10 ? -1 : n === 256 ? 1 / 32768 : 0))
    const right = Float32Array.from({ length: 300 }, (_, n) => (n === 255 ? 16 / 32768 : n === 299 ? -2 / 32768 : 1 / 32768))
    await writeWav(at('tiny.wav'), [left, right])
    expect(await media.writePeaks(await media.openPcm(at('tiny.wav')), at('tiny.dat'), { signal: never })).toEqual({ peak: 1 })
    expect((await readFile(at('tiny.dat'))).toString('hex')).toBe([
      '02000000', '00000000', '80bb0000', '00010000', '02000000', '02000000',
      '0080', '0040', '0100', '1000',
      '0000', '0100', 'feff', '0100',
    ].join(''))
  })

  it('of a stereo sound is the one that audiowaveform makes, byte for byte', async () => {
    // Of `audiowaveform -z 256 -b 16 --split-channels` on this file; mono has another header there.
    await writeWav(at('fixture.wav'), noise({ dbfs: 0, seconds: 3.1, channels: 2, seed: 5 }))
    await media.writePeaks(await media.openPcm(at('fixture.wav')), at('fixture.dat'), { signal: never })
    const made = await readFile(at('fixture.dat'))
    expect(made.length).toBe(4680)
    expect(createHash('sha256').update(made).digest('hex')).toBe('dac49050024c497d09f01fe5c7a5b0ba1d2c48527192245cb8dcb46e693787e8')
  })

  it('is the same for 16-bit, 24-bit and float of the same sound', async () => {
    const sound = [Float32Array.from({ length: 9_999 }, (_, n) => Math.round(20_000 * Math.sin(n / 9)) / 32768)]
    const made = await Promise.all((['int16', 'int24', 'float32'] as const).map(async (format) => {
      await writeWav(at(`${format}.wav`), sound, { format })
      await media.writePeaks(await media.openPcm(at(`${format}.wav`)), at(`${format}.dat`), { signal: never })
      return readFile(at(`${format}.dat`))
    }))
    expect(made[1]).toEqual(made[0])
    expect(made[2]).toEqual(made[0])
    expect(decodePeaks(made[0] ?? new Uint8Array())?.length).toBe(40)
  })

  it('made by several threads is the file one thread makes, with its RMS plane beside it', async () => {
    await writeLongWav(at('shared.wav'), [...babble(7), ...babble(7, 2)], 700)
    const pcm = await media.openPcm(at('shared.wav'))
    const { peak } = await media.writePeaks(pcm, at('shared.dat'), { signal: never })
    const accumulator = createPeakAccumulator('int16', 2)
    const peaks: number[] = []
    const body: number[] = []
    accumulator.push(new Uint8Array((await readFile(at('shared.wav'))).subarray(pcm.dataOffsetBytes)), (point, rms) => {
      peaks.push(...point)
      body.push(...rms)
    })
    accumulator.end(() => undefined)
    expect(decodePeaks(await readFile(at('shared.dat')))?.data).toEqual(Int16Array.from(peaks))
    expect(decodeRms(await readFile(at('shared.rms')))?.data).toEqual(Uint16Array.from(body))
    expect(peak).toBe(accumulator.peak / 32768)
    await rm(at('shared.wav'))
  })

  it('of twenty minutes is made in a thread of its own: this one stays free', async () => {
    await writeLongWav(at('twenty.wav'), noise({ dbfs: -20, seconds: 1, channels: 2 }), 1_200)
    const pcm = await media.openPcm(at('twenty.wav'))
    // The share of time in which this thread worked, which does not depend on what else the computer does.
    const before = performance.eventLoopUtilization()
    const seen: (number | null)[] = []
    await media.writePeaks(pcm, at('twenty.dat'), { signal: never, progress: (value) => seen.push(value) })
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.25)
    expect((await stat(at('twenty.dat'))).size).toBe(24 + Math.ceil((1_200 * 48_000) / 256) * 8)
    expect(seen.every((value, n) => value !== null && value >= (seen[n - 1] ?? 0))).toBe(true)
    await rm(at('twenty.wav'))
  })

  it('of a file that got shorter meanwhile is refused and not left half-written', async () => {
    await writeWav(at('shrinks.wav'), sine({ hz: 440, dbfs: -6, seconds: 1 }))
    const pcm = await media.openPcm(at('shrinks.wav'))
    await writeFile(at('shrinks.wav'), (await readFile(at('shrinks.wav'))).subarray(0, 5_000))
    await expect(media.writePeaks(pcm, at('shrinks.dat'), { signal: never })).rejects.toMatchObject({ code: 'file-truncated' })
    expect((await readdir(folder)).filter((name) => name.startsWith('shrinks.') && name !== 'shrinks.wav')).toEqual([])
  })

  it('is cancelled with its thread', async () => {
    await writeLongWav(at('cancel.wav'), noise({ dbfs: -20, seconds: 1, channels: 2 }), 1_200)
    const abort = new AbortController()
    const running = media.writePeaks(await media.openPcm(at('cancel.wav')), at('cancel.dat'), { signal: abort.signal, progress: () => abort.abort() })
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect((await readdir(folder)).filter((name) => name.startsWith('cancel.') && name !== 'cancel.wav')).toEqual([])
    await rm(at('cancel.wav'))
  })
})

describe('an encode', () => {
  it('keeps the sound, the length and the one-line title', async () => {
    await speakToWav(at('say.wav'), 'Kính thưa bà con, đây là đài truyền thanh xã.')
    const source = await media.decodeToPcm(at('say.wav'), at('say48.wav'), { bits: 16, signal: never })
    for (const [format, slack] of [['mp3', 1_152 * 2], ['opus', 960], ['flac', 0], ['wav', 0]] as const) {
      await media.encode(at('say48.wav'), at(`say.${format}`), { format, kbps: 96, title: 'Tin\nsáng 🎙️', signal: never })
      const back = await media.decodeToPcm(at(`say.${format}`), at('back.wav'), { bits: 16, signal: never })
      expect(Math.abs(back.length - source.length)).toBeLessThanOrEqual(slack)
      if (format !== 'opus') expect(await correlation(at('back.wav'), at('say48.wav'))).toBeGreaterThan(format === 'mp3' ? 0.98 : 0.999999)
    }
    expect((await readFile(at('say.opus'))).toString('utf8')).toContain('title=Tin sáng 🎙️')
  })
  it('applies a gain', async () => {
    await writeWav(at('tone.wav'), sine({ hz: 1_000, dbfs: -20, seconds: 3, channels: 2 }))
    await media.encode(at('tone.wav'), at('louder.wav'), { format: 'wav', gainDb: 6, signal: never })
    expect(Math.abs(((await media.measureLoudness(at('louder.wav'), never)).integratedLufs ?? 0) + 14)).toBeLessThanOrEqual(0.1)
  })
  it('leaves nothing when its source is missing', async () => {
    await expect(media.encode(at('none.wav'), at('none.mp3'), { format: 'mp3', signal: never })).rejects.toMatchObject({ code: 'file-missing' })
    expect((await readdir(folder)).filter((name) => name.startsWith('none'))).toEqual([])
  })
})

describe('a live encoder', () => {
  it('gives Ogg pages while it is fed, and a whole stream when it ends', async () => {
    const first = deferred<Buffer>()
    const gone = deferred<number | null>()
    const chunks: Buffer[] = []
    const encoder = media.liveEncoder({
      codec: 'opus', kbps: 24, channels: 1, onExit: gone.resolve,
      onData: (chunk) => {
        chunks.push(chunk)
        if (Buffer.concat(chunks).includes('OpusTags') && Buffer.concat(chunks).length > 700) first.resolve(chunk)
      },
    })
    const block = wavBytes(sine({ hz: 500, dbfs: -12, seconds: 0.02 }), { format: 'float32' }).subarray(44)
    const samples = new Float32Array(block.buffer.slice(block.byteOffset, block.byteOffset + block.length))
    let blocks = 0
    const feeding = setInterval(() => {
      if (encoder.write(samples)) blocks++
    }, 20)
    await within(first.promise, 5_000, 'the first sound of the live encoder')
    clearInterval(feeding)
    const fed = blocks
    encoder.end()
    expect(await within(gone.promise, 5_000, 'the end of the live encoder')).toBe(0)
    await writeFile(at('live.opus'), Buffer.concat(chunks))
    const pcm = await media.decodeToPcm(at('live.opus'), at('live.wav'), { bits: 16, signal: never })
    expect(Math.abs(pcm.length - fed * 960)).toBeLessThanOrEqual(960)
  })

  it('drops blocks instead of growing when it is not read fast enough', async () => {
    const gone = deferred<number | null>()
    const encoder = media.liveEncoder({ codec: 'mp3', kbps: 64, channels: 2, onData: () => undefined, onExit: gone.resolve })
    const second = new Float32Array(96_000)
    const taken = Array.from({ length: 50 }, () => encoder.write(second)).filter(Boolean).length
    expect(taken).toBeLessThan(50)
    encoder.kill()
    encoder.kill()
    expect(await within(gone.promise, 5_000, 'the end of the killed encoder')).toBeNull()
    expect(encoder.write(second)).toBe(false)
  })
})
