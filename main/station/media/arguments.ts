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
  readonly input: string
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
  readonly format: 'mp3' | 'opus' | 'flac' | 'wav'
  readonly kbps?: number
  readonly channels?: number
  readonly gainDb?: number
  readonly title?: string
}

/** Tags hold one line of text: a newline in a title has stopped playout systems before. */
export function tagText(text: string): string {
  return text.normalize('NFC').replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

const codecArguments: Record<EncodeOptions['format'], (kbps: number | undefined) => string[]> = {
  mp3: (kbps) => ['-c:a', 'libmp3lame', '-b:a', `${kbps ?? 128}k`, '-id3v2_version', '3', '-f', 'mp3'],
  opus: (kbps) => ['-c:a', 'libopus', '-b:a', `${kbps ?? 48}k`, '-application', 'audio', '-f', 'ogg'],
  flac: () => ['-c:a', 'flac', '-f', 'flac'],
  wav: () => ['-c:a', 'pcm_s16le', '-rf64', 'auto', '-f', 'wav'],
}

/** `sourceBits` keeps 24-bit sources at 24 bits in the lossless formats. */
export function encodePlan(source: string, target: string, options: EncodeOptions, sourceBits: 16 | 24): FfmpegPlan {
  const codec = codecArguments[options.format](options.kbps)
  if (sourceBits === 24 && options.format === 'wav') codec[1] = 'pcm_s24le'
  if (sourceBits === 16 && options.format === 'flac') codec.push('-sample_fmt', 's16')
  return {
    inputOptions: fileInput, input: fileUrl(source),
    outputs: [{
      target: fileUrl(target),
      options: [
        ...soundOnly,
        ...(options.channels === undefined ? [] : ['-ac', String(options.channels)]),
        ...(options.gainDb === undefined || options.gainDb === 0 ? [] : ['-af', `volume=${options.gainDb.toFixed(4)}dB:precision=double`]),
        '-map_metadata', '-1', ...(options.title === undefined ? [] : ['-metadata', `title=${tagText(options.title)}`]),
        ...codec,
      ],
    }],
  }
}

/** One line per 100 ms goes to the verbose log level, which is off: only the summary is printed. */
export function loudnessPlan(source: string): FfmpegPlan {
  return { inputOptions: fileInput, input: fileUrl(source), outputs: [{ target: 'pipe:1', options: [...soundOnly, '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null'] }] }
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
