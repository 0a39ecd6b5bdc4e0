/** What became of a recording that was to be made. */
export const recordingCodes = ['ok', 'short', 'lowLevel', 'highLevel', 'silent', 'sourceLost', 'missedWindow', 'diskFull', 'unreadable'] as const
export type RecordingCode = (typeof recordingCodes)[number]

/** What was measured of it. */
export interface RecordingFacts {
  readonly wantedMs: number
  readonly lengthMs: number
  /** Of its length, what the source did not give: written as silence. */
  readonly lostMs: number
  /** Mean squares of stretches of 10 ms. */
  readonly energies: Float64Array
}
/** What it may lack and still be put on the air. */
export interface RecordingLimits {
  /** Of the wanted length, 0–1. */
  readonly leastLength: number
  readonly mostLost: number
  readonly mostSilent: number
  readonly silenceDbfs: number
  /** RMS of what is not silence, dBFS. */
  readonly lowDbfs: number
  readonly highDbfs: number
}
export const defaultRecordingLimits: RecordingLimits = { leastLength: 0.98, mostLost: 0.02, mostSilent: 0.3, silenceDbfs: -50, lowDbfs: -36, highDbfs: -6 }

export interface RecordingVerdict {
  readonly code: RecordingCode
  readonly silentShare: number
  /** RMS of what is not silence; null = all of it is. */
  readonly levelDbfs: number | null
}

/** Judges a recording by how long it is, what is missing of it, how much of it is silence, and how loud the rest is: the first that is wrong gives the code. */
export function verifyRecording({ wantedMs, lengthMs, lostMs, energies }: RecordingFacts, limits: RecordingLimits = defaultRecordingLimits): RecordingVerdict {
  const silentBelow = 10 ** (limits.silenceDbfs / 10)
  let silent = 0
  let sum = 0
  for (const energy of energies) {
    if (energy < silentBelow) silent++
    else sum += energy
  }
  const sounding = energies.length - silent
  const silentShare = energies.length === 0 ? 1 : silent / energies.length
  const levelDbfs = sounding === 0 ? null : 10 * Math.log10(sum / sounding)
  const verdict = (code: RecordingCode): RecordingVerdict => ({ code, silentShare, levelDbfs })
  if (lengthMs < wantedMs * limits.leastLength) return verdict('short')
  if (lostMs > wantedMs * limits.mostLost) return verdict('sourceLost')
  if (levelDbfs === null || silentShare > limits.mostSilent) return verdict('silent')
  return verdict(levelDbfs < limits.lowDbfs ? 'lowLevel' : levelDbfs > limits.highDbfs ? 'highLevel' : 'ok')
}
