import { AppError } from '#contract/errors.ts'
import type { ErrorCode } from '#contract/errors.ts'
import type { MediaProbe } from '../faces.ts'

/** What ffmpeg prints, read by pure functions: fixed samples of several versions stand in the tests. */

const layouts: Record<string, number> = { mono: 1, stereo: 2, downmix: 2, '2.1': 3, '3.0': 3, '3.0(back)': 3, '4.0': 4, quad: 4, 'quad(side)': 4, '3.1': 4, '5.0': 5, '5.0(side)': 5, '4.1': 5, '5.1': 6, '5.1(side)': 6, '6.0': 6, hexagonal: 6, '6.1': 7, '7.0': 7, '7.1': 8, octagonal: 8 }
const lossless = /^(pcm_|flac|alac|ape|wavpack|tta|truehd|mlp)/

export function secondsOfClock(text: string): number | null {
  const match = /^(\d+):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(text)
  return match === null ? null : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])
}

/** Null when no sound stream was found. */
export function parseProbe(stderr: string): MediaProbe | null {
  const container = /^Input #0, (.+?), from /m.exec(stderr)?.[1]
  const before = stderr.split(/^Output #0/m)[0] ?? ''
  const stream = /^\s*Stream #0:\d+[^\n]*?: Audio: ([^\n]+)$/m.exec(before)?.[1]
  if (container === undefined || stream === undefined) return null
  const parts = stream.split(', ')
  const codec = /^[a-z0-9_]+/i.exec(parts[0] ?? '')?.[0] ?? 'unknown'
  const rateHz = Number(/(\d+) Hz/.exec(stream)?.[1] ?? 0)
  const layout = parts[2]?.trim() ?? ''
  const channels = layouts[layout] ?? Number(/^(\d+) channels/.exec(layout)?.[1] ?? 0)
  const sampleFormat = parts[3]?.trim() ?? ''
  const wide = lossless.test(codec) && /^(s32|s24|flt|dbl|s64)/.test(sampleFormat) && !/\(16 bit\)/.test(sampleFormat)
  const guessed = before.includes('Estimating duration from bitrate')
  const declared = secondsOfClock(/^\s*Duration: ([\d:.]+)/m.exec(before)?.[1] ?? '')
  return { container, codec, rateHz, channels, bits: wide ? 24 : 16, declaredSeconds: guessed ? null : declared, hasVideo: /: Video: (?!.*\(attached pic\))/.test(before) }
}

/** Position in a progress line (`size= … time=00:01:02.03 …`); null for other lines. */
export function progressSeconds(line: string): number | null {
  const match = /\btime=(\d+:\d{2}:\d{2}(?:\.\d+)?)/.exec(line)
  return match?.[1] === undefined ? null : secondsOfClock(match[1])
}

const causes: readonly (readonly [RegExp, ErrorCode])[] = [
  [/No space left on device|Disk quota exceeded/i, 'disk-full'],
  [/No such file or directory/i, 'file-missing'],
  [/Permission denied|Input\/output error/i, 'file-unreadable'],
  [/moov atom not found|partial file|End of file/i, 'file-truncated'],
  [/does not contain any stream|matches no streams|Format not on whitelist|misdetection possible|Invalid data found when processing input|Invalid argument/i, 'file-not-audio'],
  [/Unknown encoder|Decoder \(.*\) not found|Unknown decoder|No such filter/i, 'unsupported-format'],
]

/** The most telling line decides; the order of the table is the order of power. */
export function causeOf(stderr: string): ErrorCode {
  return causes.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'ffmpeg-failed'
}

/** Last line without folders, fit to show. */
export function lastLine(stderr: string): string {
  const line = stderr.trimEnd().split('\n').at(-1) ?? ''
  return line.replace(/(?:file:)?(?:[A-Za-z]:)?[\\/][^:'"]*[\\/]/g, '').replace(/^\S+\.part: /, '').slice(0, 200)
}

export function ffmpegError(stderr: string, cause: unknown): AppError {
  return new AppError(causeOf(stderr), { cause, data: { detail: lastLine(stderr) } })
}

/** What `volumedetect` counted at the end; null when the file could not be decoded to its end. */
export function parseSampleCount(stderr: string): number | null {
  const count = /\bn_samples: (\d+)/.exec(stderr)?.[1]
  return count === undefined ? null : Number(count)
}
