const STEP = 6
const RATE = 48_000 / STEP
const WINDOW = RATE / 2

/** 24-bit mono WAV of a take → samples as integers. */
export function samplesOfTake(wav: Buffer): Int32Array {
  const data = wav.indexOf('data') + 4
  const bytes = wav.readUInt32LE(data)
  return Int32Array.from({ length: Math.floor(bytes / 3) }, (_, i) => wav.readIntLE(data + 4 + i * 3, 3))
}

/** Mean of each six samples: 8 kHz is enough to find speech in itself. */
function thin(samples: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: Math.floor(samples.length / STEP) }, (_, i) => {
    let sum = 0
    for (let k = 0; k < STEP; k++) sum += samples[i * STEP + k] ?? 0
    return sum / STEP
  })
}

function correlation(a: Float32Array, aAt: number, b: Float32Array, bAt: number): number {
  let ab = 0
  let aa = 0
  let bb = 0
  for (let i = 0; i < WINDOW; i++) {
    const x = a[aAt + i] ?? 0
    const y = b[bAt + i] ?? 0
    ab += x * y
    aa += x * x
    bb += y * y
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb)
}

function bestDelay(source: Float32Array, take: Float32Array, at: number, from: number, to: number): { delay: number; correlation: number } {
  let best = { delay: from, correlation: -1 }
  for (let delay = from; delay <= to; delay++) {
    const now = correlation(take, at, source, at + delay)
    if (now > best.correlation) best = { delay, correlation: now }
  }
  return best
}

/**
 * Looks for each half second of a take in its source. What is lost or doubled anywhere between the two moves every later window, also what the fake
 * microphone leaves out by itself: it skips a buffer of 10 ms whenever its own timer comes late.
 */
export function steadyDelay(source: Float32Array, heard: Int32Array): { windows: number; medianCorrelation: number; spreadMs: number } {
  const thinSource = thin(source)
  const take = thin(heard)
  const whole = bestDelay(thinSource, take, 0, 0, thinSource.length - WINDOW)
  const correlations: number[] = []
  let least = Infinity
  let most = -Infinity
  for (let at = 0; at + WINDOW <= take.length; at += WINDOW) {
    const here = bestDelay(thinSource, take, at, whole.delay - 400, whole.delay + 400)
    correlations.push(here.correlation)
    least = Math.min(least, here.delay)
    most = Math.max(most, here.delay)
  }
  return { windows: correlations.length, medianCorrelation: correlations.sort((a, b) => a - b)[Math.floor(correlations.length / 2)] ?? 0, spreadMs: ((most - least) / RATE) * 1_000 }
}
