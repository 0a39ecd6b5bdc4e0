import { readFile, stat, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodePeaks } from '#common/peaks/index.ts'
import { callRoom } from '../../support/context.ts'
import { lan, openLibraryBench } from '../../support/library-room.ts'
import { amrBytes, counterWav, ffmpegMake, noise, sine, speakToWav, wavBytes, wavHeader, writeWav } from '../../support/signals.ts'

describe('the import', () => {
  it('takes WAV, MP3, M4A, AAC, FLAC, OGG, Opus, AMR and the sound of videos, and measures each', async () => {
    await using bench = await openLibraryBench()
    const { library, desk, ctx } = bench
    const speech = join(desk, 'speech.wav')
    await speakToWav(speech, 'Kính thưa bà con. Đây là bản tin buổi sáng của đài truyền thanh xã.')
    const from = ['-i', speech]
    const made: [name: string, args: string[], codec: string][] = [
      ['a.mp3', ['-c:a', 'libmp3lame', '-q:a', '4'], 'mp3'], ['b.m4a', ['-c:a', 'aac'], 'aac'], ['c.aac', ['-c:a', 'aac', '-f', 'adts'], 'aac'], ['d.flac', ['-c:a', 'flac', '-ar', '44100', '-sample_fmt', 's16'], 'flac'], ['e.ogg', ['-c:a', 'libvorbis'], 'vorbis'], ['f.opus', ['-c:a', 'libopus'], 'opus'],
    ]
    for (const [name, args] of made) await ffmpegMake(...from, ...args, join(desk, name))
    await ffmpegMake('-f', 'lavfi', '-i', 'testsrc=d=2:s=160x120:r=10', ...from, '-map', '0:v', '-map', '1:a', '-c:v', 'mpeg4', '-c:a', 'aac', '-ac', '1', '-b:a', '64k', join(desk, 'g.mp4'))
    await ffmpegMake('-f', 'lavfi', '-i', 'testsrc=d=2:s=160x120:r=10', ...from, '-map', '0:v', '-map', '1:a', '-c:v', 'mpeg4', '-c:a', 'libmp3lame', join(desk, 'h.mkv'))
    await writeFile(join(desk, 'i.amr'), amrBytes(100))
    made.push(['g.mp4', [], 'aac'], ['h.mkv', [], 'mp3'], ['i.amr', [], 'amrnb'], ['speech.wav', [], 'pcm_s16le'])
    for (const [name, , codec] of made) {
      const item = await library.importFile(join(desk, name), { who: lan }).item
      const said = codec === 'amrnb' ? 'amr_nb' : codec
      expect([said, codec]).toContain(item.codec)
      expect(item.loudness?.integratedLufs, name).not.toBeNull()
      const pcm = await library.pcmOf(item.id)
      expect(pcm?.length, name).toBe(item.lengthSamples)
      expect(pcm?.channels, name).toBe(item.channels)
      const peaks = decodePeaks(await readFile(join(ctx.folders.peaks, `${item.sha256}.dat`)))
      expect(peaks, name).toMatchObject({ rateHz: 48_000, samplesPerPoint: 256, length: Math.ceil(item.lengthSamples / 256), channels: item.channels })
      expect(item.sha256, name).toBe(createHash('sha256').update(await readFile(join(desk, name))).digest('hex'))
    }
    expect((await bench.kept()).filter((name) => name.endsWith('.part'))).toEqual([])
    expect(library.list().map((item) => item.number)).toEqual(made.map((_, n) => made.length - n))
  })

  it('uses an honest 48 kHz WAV as it is, and makes a mezzanine of every other', async () => {
    await using bench = await openLibraryBench()
    const { library, desk, ctx } = bench
    await writeFile(join(desk, 'counter.wav'), counterWav(200_000, 2, 1_000_000))
    const whole = await library.importFile(join(desk, 'counter.wav'), { who: lan }).item
    expect((await library.pcmOf(whole.id))?.path).toBe(join(ctx.folders.media, `${whole.sha256}.wav`))
    expect(await library.pcmOf(whole.id)).toMatchObject({ format: 'int24', length: 200_000 })
    await writeWav(join(desk, 'cd.wav'), sine({ hz: 440, dbfs: -12, seconds: 1, rateHz: 44_100 }), { rateHz: 44_100 })
    const other = await library.importFile(join(desk, 'cd.wav'), { who: lan }).item
    expect((await library.pcmOf(other.id))?.path).toBe(join(ctx.folders.mezzanine, `${other.sha256}.wav`))
    expect(other).toMatchObject({ sourceRateHz: 44_100, lengthSamples: 48_000 })
  })

  it('takes a WAV written to a pipe, whose size is openly unknown', async () => {
    await using bench = await openLibraryBench()
    const data = wavBytes(sine({ hz: 440, dbfs: -12, seconds: 1 })).subarray(44)
    await writeFile(join(bench.desk, 'piped.wav'), Buffer.concat([wavHeader({ format: 'int16', channels: 1, rateHz: 48_000, dataBytes: 0xffffffff, riffBytes: 0xffffffff }), data]))
    expect((await bench.library.importFile(join(bench.desk, 'piped.wav'), { who: lan }).item).lengthSamples).toBe(48_000)
  })

  it('levels by a static gain to the station target, and again when the target changes', async () => {
    await using bench = await openLibraryBench()
    const { library, desk, ctx } = bench
    await writeWav(join(desk, 'tone.wav'), sine({ hz: 1_000, dbfs: -23, seconds: 5, channels: 2 }), { format: 'int24' })
    const item = await library.importFile(join(desk, 'tone.wav'), { who: lan }).item
    expect(item.playGainDb).toBeCloseTo(7, 0)
    ctx.settings.update({ targetLufs: -23 })
    expect(Math.abs(library.get(item.id)?.playGainDb ?? 9)).toBeLessThanOrEqual(0.1)
  })

  it('keeps names and tags with Vietnamese in both forms, emoji and newlines on one line', async () => {
    await using bench = await openLibraryBench()
    const { library, desk } = bench
    const composed = 'Đường làng em 🎙️'
    const names = [`${composed}.wav`.normalize('NFC'), `${composed} hai.wav`.normalize('NFD'), 'Tin "sáng"\nthứ hai.wav']
    for (const [n, name] of names.entries()) {
      await writeWav(join(desk, name), noise({ dbfs: -20, seconds: 1, seed: n + 1 }))
      const item = await library.importFile(join(desk, name), { who: lan }).item
      expect(item.title).toBe([composed, `${composed} hai`, 'Tin "sáng" thứ hai'][n]?.normalize('NFC'))
    }
    await ffmpegMake('-i', join(desk, names[0] ?? ''), '-metadata', 'title=Dòng một\nDòng hai 🎵'.normalize('NFD'), '-c:a', 'libmp3lame', join(desk, 'tagged.mp3'))
    const tagged = await library.importFile(join(desk, 'tagged.mp3'), { who: lan }).item
    expect(tagged.title).toBe('Dòng một Dòng hai 🎵'.normalize('NFC'))
    const found = await callRoom(library, 'library.list', { query: 'duong LANG' })
    expect(found.total).toBe(2)
    expect((await callRoom(library, 'library.list', { query: 'dong hai'.normalize('NFD') })).items.map((item) => item.id)).toEqual([tagged.id])
  })

  it('removes a source only when asked, and only after success', async () => {
    await using bench = await openLibraryBench()
    const { library, desk } = bench
    const good = await writeWav(join(desk, 'good.wav'), noise({ dbfs: -20, seconds: 1 }))
    const bad = join(desk, 'bad.wav')
    await writeFile(bad, 'không phải âm thanh')
    const item = await library.importFile(good, { who: lan, title: 'Bản thu', kind: 'recording', moveSource: true }).item
    expect(item).toMatchObject({ title: 'Bản thu', kind: 'recording', createdBy: 'Lan' })
    await expect(stat(good)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(library.importFile(bad, { who: lan, moveSource: true }).item).rejects.toMatchObject({ code: 'file-not-audio' })
    expect((await stat(bad)).size).toBeGreaterThan(0)
  })
})
