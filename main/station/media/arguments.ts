import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/**
 * ffmpeg argument lists as pure functions of what is wanted. Nothing here starts a program, and nothing is ever joined into a shell line.
 *
 * Inputs are opened with a demuxer whitelist and the `file:` protocol only: a playlist dressed as an .mp3 must not make ffmpeg
 * read other files of the computer or the network.
 */
const demuxers = [
  'wav', 'w64', 'mp3', 'aac', 'mov', 'mp4', 'flac', 'ogg', 'amr', 'amrnb', 'amrwb', 'matroska', 'webm', 'avi', 'asf', 'mpeg', 'mpegts', 'aiff', 'caf', 'flv', 'au',
] as const

export interface FfmpegOutput {
  readonly target: string
  readonly options: readonly string[]
}
export interface FfmpegPlan {
  readonly inputOptions: readonly string[]
  readonly input: string | Readable
  /** A file of tags and chapters in ffmpeg's own form, read beside the input. */
  readonly metadataInput?: string
  readonly outputs: readonly FfmpegOutput[]
}

export const fileUrl = (path: string) => `file:${path}`

const fileInput = ['-hide_banner', '-nostdin', '-protocol_whitelist', 'file,pipe', '-format_whitelist', demuxers.join(',')]
/** First sound stream only; no pictures, captions, data. */
const soundOnly = ['-map', '0:a:0', '-vn', '-sn', '-dn']

/** Reads the headers and prints the streams; decodes nothing. */
export function probePlan(source: string): FfmpegPlan {
  return { inputOptions: fileInput, input: fileUrl(source), outputs: [{ target: 'pipe:1', options: [...soundOnly, '-c', 'copy', '-t', '0', '-f', 'null'] }] }
}

export function decodePlan(source: string, target: string, options: { bits: 16 | 24; channels: number | null; rateHz: number }): FfmpegPlan {
  const channels = options.channels === null ? [] : ['-ac', String(options.channels)]
  return {
    inputOptions: fileInput, input: fileUrl(source),
    outputs: [{
      target: fileUrl(target),
      options: [...soundOnly, ...channels, '-ar', String(options.rateHz), '-c:a', options.bits === 24 ? 'pcm_s24le' : 'pcm_s16le', '-map_metadata', '-1', '-bitexact', '-rf64', 'auto', '-f', 'wav'],
    }],
  }
}

export interface EncodeOptions {
  readonly format: 'mp3' | 'opus' | 'flac' | 'wav' | 'aac'
  readonly kbps?: number
  /** Only WAV and FLAC; else those of the source are kept. 16 bits made of more are dithered. */
  readonly bits?: 16 | 24
  readonly channels?: number
  readonly gainDb?: number
  readonly title?: string
  readonly tags?: Readonly<Record<string, string>>
  /** Chapters (and tags) in the form `ffmetadata`. */
  readonly metadataFile?: string
}

/** Tags hold one line of text: a newline in a title has stopped playout systems before. */
export function tagText(text: string): string {
  return text.normalize('NFC').replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

const codecArguments: Record<EncodeOptions['format'], (kbps: number | undefined) => string[]> = {
  mp3: (kbps) => ['-c:a', 'libmp3lame', '-b:a', `${kbps ?? 128}k`, '-id3v2_version', '3', '-f', 'mp3'],
  aac: (kbps) => ['-c:a', 'aac', '-b:a', `${kbps ?? 128}k`, '-movflags', '+faststart', '-f', 'ipod'],
  opus: (kbps) => ['-c:a', 'libopus', '-b:a', `${kbps ?? 48}k`, '-application', 'audio', '-f', 'ogg'],
  flac: () => ['-c:a', 'flac', '-f', 'flac'],
  wav: () => ['-c:a', 'pcm_s16le', '-rf64', 'auto', '-f', 'wav'],
}

/** `sourceBits` keeps 24-bit sources at 24 bits in the lossless formats unless `bits` asks for another depth. */
export function encodePlan(source: string, target: string, options: EncodeOptions, sourceBits: 16 | 24): FfmpegPlan {
  return encodeFrom({ inputOptions: fileInput, input: fileUrl(source) }, target, options, sourceBits)
}

const rawFormats = { int16: 's16le', int24: 's24le', float32: 'f32le' } as const

/** The same from interleaved 48 kHz PCM on standard input. */
export function encodeStreamPlan(input: Readable, pcm: { readonly format: keyof typeof rawFormats; readonly channels: number }, target: string, options: EncodeOptions): FfmpegPlan {
  const inputOptions = ['-hide_banner', '-f', rawFormats[pcm.format], '-ar', '48000', '-ac', String(pcm.channels)]
  return encodeFrom({ inputOptions, input }, target, options, pcm.format === 'int16' ? 16 : 24)
}

function encodeFrom(from: Pick<FfmpegPlan, 'inputOptions' | 'input'>, target: string, options: EncodeOptions, sourceBits: 16 | 24): FfmpegPlan {
  const bits = options.bits ?? sourceBits
  const codec = codecArguments[options.format](options.kbps)
  if (bits === 24 && options.format === 'wav') codec[1] = 'pcm_s24le'
  if (bits === 16 && options.format === 'flac') codec.push('-sample_fmt', 's16')
  const isLossless = options.format === 'wav' || options.format === 'flac'
  const filters = [
    ...(options.gainDb === undefined || options.gainDb === 0 ? [] : [`volume=${options.gainDb.toFixed(4)}dB:precision=double`]),
    ...(isLossless && bits === 16 && sourceBits === 24 ? ['aresample=osf=s16:dither_method=triangular'] : []),
  ]
  const tags = { ...options.tags, ...(options.title === undefined ? {} : { title: options.title }) }
  return {
    ...from,
    ...(options.metadataFile === undefined ? {} : { metadataInput: fileUrl(options.metadataFile) }),
    outputs: [{
      target: fileUrl(target),
      options: [
        ...soundOnly,
        ...(options.channels === undefined ? [] : ['-ac', String(options.channels)]),
        ...(filters.length === 0 ? [] : ['-af', filters.join(',')]),
        // `-map_metadata -1` would take the titles of chapters away as well.
        ...(options.metadataFile === undefined ? ['-map_metadata', '-1'] : ['-map_metadata', '1', '-map_chapters', '1']),
        ...Object.entries(tags).flatMap(([name, text]) => (tagText(text) === '' ? [] : ['-metadata', `${name}=${tagText(text)}`])),
        ...codec,
      ],
    }],
  }
}

/** Decodes the whole file and counts its samples (of all channels) at 48 kHz. */
export function countPlan(source: string): FfmpegPlan {
  return { inputOptions: fileInput, input: fileUrl(source), outputs: [{ target: 'pipe:1', options: [...soundOnly, '-af', 'aformat=channel_layouts=mono:sample_rates=48000,volumedetect', '-f', 'null'] }] }
}

/**
 * Live encoder on standard input. Small probe and 20 ms pages keep it within a few frames of the microphone;
 * (not `-fflags nobuffer`, which throws the first block away, and with it the anchor of the stream);
 * at speech bit rates libopus in `voip` mode keeps consonants intelligible on horn loudspeakers.
 */
export function livePlan(options: { codec: 'opus' | 'mp3'; kbps: number; channels: 1 | 2 }): { inputOptions: readonly string[]; outputOptions: readonly string[] } {
  const bitRate = ['-b:a', `${options.kbps}k`]
  const codec = options.codec === 'opus'
    ? ['-c:a', 'libopus', ...bitRate, '-application', options.kbps < 32 ? 'voip' : 'audio', '-frame_duration', '20', '-f', 'ogg', '-page_duration', '20000']
    : ['-c:a', 'libmp3lame', ...bitRate, '-reservoir', '0', '-write_xing', '0', '-id3v2_version', '0', '-f', 'mp3']
  return {
    inputOptions: ['-hide_banner', '-loglevel', 'warning', '-probesize', '32', '-analyzeduration', '0', '-f', 'f32le', '-ar', '48000', '-ac', String(options.channels)],
    outputOptions: [...codec, '-flush_packets', '1'],
  }
}

/**
 * Listening to a stream: network protocols for network addresses, the file itself for a file, never one from the other (a playlist on the
 * network must not name files of this computer). `-re` keeps a file at the pace it plays; a live stream has its own.
 */
export function listenPlan(options: { url: string; channels: 1 | 2; realTime: boolean }): { inputOptions: readonly string[]; input: string; outputOptions: readonly string[] } {
  const file = /^file:/i.test(options.url)
  const protocols = file ? ['-protocol_whitelist', 'file'] : ['-protocol_whitelist', 'http,https,tls,tcp,crypto,httpproxy', '-rw_timeout', '8000000', '-user_agent', 'VangXa Studio']
  return {
    inputOptions: ['-hide_banner', '-nostdin', '-loglevel', 'warning', ...protocols, '-format_whitelist', [...demuxers, ...(file ? [] : ['hls'])].join(','), '-probesize', '65536', '-analyzeduration', '1000000', ...(options.realTime ? ['-re'] : [])],
    input: file ? fileUrl(fileURLToPath(options.url)) : options.url,
    outputOptions: [...soundOnly, '-ac', String(options.channels), '-ar', '48000', '-c:a', 'pcm_f32le', '-f', 'f32le', '-flush_packets', '1'],
  }
}
