import { frameFormats, frameKinds, type PcmFrame } from '#contract/frames.ts'

/** Counter PCM: sample n of every channel holds n mod 2^23, so each cut, gap and repeat is provable. */
export function counterPcm24(from: number, frames: number, channels: number): Uint8Array {
  const bytes = new Uint8Array(frames * channels * 3)
  for (let i = 0; i < frames; i++) {
    const value = (from + i) % 8_388_608
    for (let channel = 0; channel < channels; channel++) {
      const at = (i * channels + channel) * 3
      bytes[at] = value & 0xff
      bytes[at + 1] = (value >> 8) & 0xff
      bytes[at + 2] = (value >> 16) & 0xff
    }
  }
  return bytes
}

export function counterFrame(options: { session: number; seq: number; firstFrame: number; frames: number; channels: number }): PcmFrame {
  return { kind: frameKinds.capture, format: frameFormats.int24, ...options, payload: counterPcm24(options.firstFrame, options.frames, options.channels) }
}

/** First frame whose value is not the counter (nor the zero of a known hole), or -1. */
export function firstWrongFrame(pcm: Uint8Array, channels: number, holes: readonly { atFrame: number; frames: number }[] = [], from = 0): number {
  const frames = Math.floor(pcm.length / (channels * 3))
  for (let i = 0; i < frames; i++) {
    const position = from + i
    const silent = holes.some((hole) => position >= hole.atFrame && position < hole.atFrame + hole.frames)
    const expected = silent ? 0 : position % 8_388_608
    for (let channel = 0; channel < channels; channel++) {
      const at = (i * channels + channel) * 3
      const value = (pcm[at] ?? 0) | ((pcm[at + 1] ?? 0) << 8) | ((pcm[at + 2] ?? 0) << 16)
      if (value !== expected) return position
    }
  }
  return -1
}
