const RATE = 48_000
const SILENT_RMS = 0.003

/** Pitch of each stretch of a recording by its rising zero crossings, Hz; 0 = silence. */
export function pitches(samples: Float32Array, stretchMs = 100): number[] {
  const size = (RATE * stretchMs) / 1000
  return Array.from({ length: Math.floor(samples.length / size) }, (_, n) => pitchOf(samples.subarray(n * size, (n + 1) * size)))
}

function pitchOf(samples: Float32Array): number {
  let crossings = 0
  let energy = 0
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] ?? 0
    energy += value * value
    if (i > 0 && (samples[i - 1] ?? 0) < 0 && value >= 0) crossings++
  }
  return Math.sqrt(energy / samples.length) < SILENT_RMS ? 0 : (crossings * RATE) / samples.length
}

/** Runs of stretches of about one pitch: what was heard one after the other. Shorter than `leastMs` is a cross-fade or a glitch, and left out. */
export function heardRuns(samples: Float32Array, of: Readonly<Record<string, number>>, leastMs = 300, stretchMs = 100): { readonly what: string; readonly fromMs: number; readonly untilMs: number }[] {
  const nameOf = (hz: number): string => Object.entries(of).find(([, wanted]) => Math.abs(hz - wanted) <= Math.max(15, wanted * 0.03))?.[0] ?? '?'
  const runs: { what: string; fromMs: number; untilMs: number }[] = []
  for (const [n, hz] of pitches(samples, stretchMs).entries()) {
    const what = nameOf(hz)
    const last = runs.at(-1)
    if (last?.what === what) last.untilMs = (n + 1) * stretchMs
    else runs.push({ what, fromMs: n * stretchMs, untilMs: (n + 1) * stretchMs })
  }
  const long = runs.filter(({ fromMs, untilMs }) => untilMs - fromMs >= leastMs)
  return long.reduce<typeof runs>((joined, run) => {
    const last = joined.at(-1)
    if (last?.what === run.what) last.untilMs = run.untilMs
    else joined.push({ ...run })
    return joined
  }, [])
}
