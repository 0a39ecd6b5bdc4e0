import { describe, expect, it } from 'vitest'
import { causeOf, lastLine, parseProbe, progressSeconds } from '../../../main/station/media/ffmpeg-text.ts'
import { decodePlan, encodePlan, livePlan, probePlan, tagText } from '../../../main/station/media/arguments.ts'

const probeText = (lines: string) => `${lines}\nOutput #0, null, to 'pipe:1':\n  Stream #0:0: Audio: mp3, 8000 Hz, mono, fltp\n`

describe('what ffmpeg says about a file', () => {
  it('is read for an MP3 with a cover picture', () => {
    expect(parseProbe(probeText(`Input #0, mp3, from 'file:a, from b.mp3':
  Metadata:
    title           : Stream #0:0: Audio: hát
  Duration: 01:02:03.50, start: 0.025057, bitrate: 128 kb/s
  Stream #0:0: Audio: mp3, 44100 Hz, stereo, fltp, 128 kb/s
  Stream #0:1: Video: mjpeg (Baseline), yuvj420p, 300x300 (attached pic)`))).toEqual({ container: 'mp3', codec: 'mp3', rateHz: 44_100, channels: 2, bits: 16, declaredSeconds: 3723.5, hasVideo: false })
  })
  it('is read for a 24-bit FLAC, a float WAV with six channels and a video', () => {
    expect(parseProbe(probeText(`Input #0, flac, from 'x':\n  Duration: 00:00:05.00, start: 0.0\n  Stream #0:0: Audio: flac, 96000 Hz, stereo, s32 (24 bit)`))).toMatchObject({ bits: 24, rateHz: 96_000 })
    expect(parseProbe(probeText(`Input #0, wav, from 'x':\n  Duration: N/A, bitrate: N/A\n  Stream #0:0: Audio: pcm_f32le ([3][0][0][0] / 0x0003), 48000 Hz, 5.1, flt, 1536 kb/s`))).toMatchObject({ bits: 24, channels: 6, declaredSeconds: null })
    expect(parseProbe(probeText(`Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'x':\n  Duration: 00:00:05.00\n  Stream #0:0[0x1](und): Video: h264 (High), yuv420p\n  Stream #0:1[0x2](vie): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp, 127 kb/s (default)`))).toMatchObject({ hasVideo: true, codec: 'aac', channels: 1, container: 'mov,mp4,m4a,3gp,3g2,mj2' })
    expect(parseProbe(probeText(`Input #0, wav, from 'x':\n  Duration: 00:00:05.00\n  Stream #0:0: Audio: pcm_s16le ([1][0][0][0] / 0x0001), 48000 Hz, 3 channels, s16, 1536 kb/s`))).toMatchObject({ channels: 3, bits: 16 })
  })
  it('does not take a length guessed from the bit rate for a promise', () => {
    expect(parseProbe(probeText(`[mp3 @ 0x1] Estimating duration from bitrate, this may be inaccurate\nInput #0, mp3, from 'x':\n  Duration: 00:00:05.00\n  Stream #0:0: Audio: mp3, 44100 Hz, mono, fltp, 64 kb/s`))?.declaredSeconds).toBeNull()
  })
  it('is nothing when there is no sound', () => {
    expect(parseProbe(`Input #0, png_pipe, from 'x':\n  Stream #0:0: Video: png, rgb24\n`)).toBeNull()
    expect(parseProbe('')).toBeNull()
  })
  it('gives the position of a progress line only', () => {
    expect(progressSeconds('size=  100kB time=00:01:02.50 bitrate= 128.0kbits/s speed= 100x')).toBe(62.5)
    expect(progressSeconds('size=N/A time=N/A bitrate=N/A')).toBeNull()
    expect(progressSeconds('  title : time is now')).toBeNull()
  })
})

describe('why ffmpeg failed', () => {
  it('is named by its most telling line', () => {
    expect(causeOf('av_interleaved_write_frame(): No space left on device\nConversion failed!')).toBe('disk-full')
    expect(causeOf('[mov] moov atom not found\nx: Invalid data found when processing input')).toBe('file-truncated')
    expect(causeOf('x: Invalid data found when processing input')).toBe('file-not-audio')
    expect(causeOf("Stream map '0:a:0' matches no streams.")).toBe('file-not-audio')
    expect(causeOf('[hls @ 0x1] Format not on whitelist')).toBe('file-not-audio')
    expect(causeOf('Unknown encoder libmp3lame')).toBe('unsupported-format')
    expect(causeOf('something new')).toBe('ffmpeg-failed')
  })
  it('never shows a folder', () => {
    expect(lastLine('a\nfile:/srv/data/media/x.part: Invalid data')).toBe('Invalid data')
    expect(lastLine('C:\\Users\\lan\\tin.mp3: Permission denied\n')).toBe('tin.mp3: Permission denied')
  })
})

describe('ffmpeg arguments', () => {
  it('open sources as plain files with a demuxer whitelist', () => {
    for (const plan of [probePlan('-y; rm.mp3'), decodePlan('concat:a|b', '/t.wav', { bits: 16, channels: 2, rateHz: 48_000 })]) {
      expect(String(plan.input)).toMatch(/^file:/)
      expect(plan.inputOptions.join(' ')).toContain('-protocol_whitelist file,pipe -format_whitelist wav,')
      expect(plan.inputOptions).not.toContain('hls')
    }
  })
  it('decode to 48 kHz PCM with room for RF64', () => {
    expect(decodePlan('a', 'b', { bits: 24, channels: 1, rateHz: 48_000 }).outputs[0]?.options).toEqual(['-map', '0:a:0', '-vn', '-sn', '-dn', '-ac', '1', '-ar', '48000', '-c:a', 'pcm_s24le', '-map_metadata', '-1', '-bitexact', '-rf64', 'auto', '-f', 'wav'])
  })
  it('keep a title in one argument and on one line', () => {
    const options = encodePlan('a', 'b', { format: 'mp3', kbps: 64, title: 'Tin sáng; "rm -rf"\nhai', gainDb: -3 }, 16).outputs[0]?.options ?? []
    expect(options).toContain('title=Tin sáng; "rm -rf" hai')
    expect(options).toContain('volume=-3.0000dB:precision=double')
    expect(tagText('a\u2028b\tc')).toBe('a b c')
  })
  it('encode live in small pages, as voice below 32 kbit/s', () => {
    const plan = livePlan({ codec: 'opus', kbps: 24, channels: 1 })
    expect(plan.outputOptions.join(' ')).toBe('-c:a libopus -b:a 24k -application voip -frame_duration 20 -f ogg -page_duration 20000 -flush_packets 1')
    expect(plan.inputOptions.join(' ')).toContain('-f f32le -ar 48000 -ac 1')
  })
})
