import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findMiddle, parseFrameHeader } from '../../../main/station/media/mp3-frames.ts'
import { openTestMedia } from '../../support/media-room.ts'
import { babble, ffmpegMake, noise, writeLongWav } from '../../support/signals.ts'

const execute = promisify(execFile)
const { media, dispose } = openTestMedia()
const never = new AbortController().signal
let folder = ''
const at = (name: string) => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vangxa-halves-'))
  const hiss = noise({ dbfs: -40, seconds: 7, channels: 2 })
  const voice = babble(7)[0] ?? new Float32Array(0)
  await writeLongWav(at('sound.wav'), hiss.map((channel) => channel.map((value, n) => value + (voice[n] ?? 0))), 140.3)
})
afterAll(async () => {
  await dispose()
  await rm(folder, { recursive: true, force: true })
})

/** What one ffmpeg gives from the first byte to the last. */
async function inOnePiece(path: string): Promise<Buffer> {
  const { stdout } = await execute('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, '-ar', '48000', '-c:a', 'pcm_s16le', '-f', 's16le', '-'], { encoding: 'buffer', maxBuffer: 200_000_000 })
  return stdout
}
async function decoded(name: string): Promise<{ pcm: Buffer; inHalves: boolean }> {
  const before = media.lastCommands().length
  const file = await media.decodeToPcm(at(name), at('out.wav'), { bits: 16, signal: never })
  const bytes = await readFile(at('out.wav'))
  expect(bytes.length - file.dataOffsetBytes).toBe(file.length * file.channels * 2)
  return { pcm: bytes.subarray(file.dataOffsetBytes), inHalves: media.lastCommands().slice(before).filter((line) => line.includes('subfile')).length === 4 }
}

describe('a long MP3', () => {
  it.each([
    ['at 48 kHz', ['-b:a', '320k']],
    ['at 44.1 kHz with a variable rate, converted on the way', ['-ar', '44100', '-abr', '1', '-b:a', '310k']],
    ['without the tag of an encoder', ['-ar', '44100', '-b:a', '320k', '-write_xing', '0']],
  ])('%s is decoded in halves on two cores, sample for sample as in one piece', async (_, options) => {
    await ffmpegMake('-i', at('sound.wav'), '-c:a', 'libmp3lame', '-compression_level', '9', ...options, at('long.mp3'))
    expect((await stat(at('long.mp3'))).size).toBeGreaterThan(5_000_000)
    const { pcm, inHalves } = await decoded('long.mp3')
    expect(pcm.equals(await inOnePiece(at('long.mp3')))).toBe(true)
    expect(inHalves).toBe(true)
  })

  it('that is damaged before its middle is decoded in one piece', async () => {
    const bytes = await readFile(at('long.mp3'))
    bytes.fill(0x55, 1_000_000, 1_003_000)
    await writeFile(at('damaged.mp3'), bytes)
    expect(await findMiddle(at('damaged.mp3'))).toBeNull()
    const { pcm, inHalves } = await decoded('damaged.mp3')
    expect(pcm.equals(await inOnePiece(at('damaged.mp3')))).toBe(true)
    expect(inHalves).toBe(false)
  })

  it('that is cancelled leaves nothing', async () => {
    const abort = new AbortController()
    const running = media.decodeToPcm(at('long.mp3'), at('cancelled.wav'), { bits: 16, signal: abort.signal })
    setTimeout(() => abort.abort(), 150)
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect((await readdir(folder)).filter((name) => name.startsWith('cancelled'))).toEqual([])
  })

  it('that is longer than allowed is stopped, counted over both halves', async () => {
    await expect(media.decodeToPcm(at('long.mp3'), at('over.wav'), { bits: 16, signal: never, maxSeconds: 5 })).rejects.toMatchObject({ code: 'file-too-long' })
  })
})

describe('frames of an MP3', () => {
  it('are read from their headers', () => {
    expect(parseFrameHeader(0xff, 0xfb, 0x90, 0x00)).toEqual({ rateHz: 44_100, channels: 2, samplesPerFrame: 1_152, bytes: 417 })
    expect(parseFrameHeader(0xff, 0xfb, 0x92, 0xc0)).toEqual({ rateHz: 44_100, channels: 1, samplesPerFrame: 1_152, bytes: 418 })
    expect(parseFrameHeader(0xff, 0xf3, 0x80, 0xc0)).toEqual({ rateHz: 22_050, channels: 1, samplesPerFrame: 576, bytes: 208 })
    for (const [a, b, c] of [[0xfe, 0xfb, 0x90], [0xff, 0xfd, 0x90], [0xff, 0xfb, 0x00], [0xff, 0xfb, 0xf0], [0xff, 0xfb, 0x9c], [0xff, 0xeb, 0x90]]) expect(parseFrameHeader(a ?? 0, b ?? 0, c ?? 0, 0)).toBeNull()
  })
})
