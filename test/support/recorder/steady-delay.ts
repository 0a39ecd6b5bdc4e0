const STEP = 6
const RATE = 48_000 / STEP
const WINDOW = RATE / 2

/** 24-bit mono WAV of a take → samples. */
function samplesOf(wav: Buffer): Float32Array {
  const data = wav.indexOf('data') + 4
  const bytes = wav.readUInt32LE(data)
  return Float32Array.from({ length: Math.floor(bytes / 3) }, (_, i) => wav.readIntLE(data + 4 + i * 3, 3) / 8_388_608)
}

/** Mean of each six samples: 8 kHz is enough to find speech in itself. */
function thin(samples: Float32Array): Float32Array {
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

/** Looks for each half second of a take in its source. A sample lost or doubled anywhere would move every later window. */
export function steadyDelay(source: Float32Array, takeWav: Buffer): { windows: number; worstCorrelation: number; spreadMs: number } {
  const thinSource = thin(source)
  const take = thin(samplesOf(takeWav))
  const whole = bestDelay(thinSource, take, 0, 0, thinSource.length - WINDOW)
  let worstCorrelation = 1
  let least = Infinity
  let most = -Infinity
  let windows = 0
  for (let at = 0; at + WINDOW <= take.length; at += WINDOW) {
    const here = bestDelay(thinSource, take, at, whole.delay - 400, whole.delay + 400)
    worstCorrelation = Math.min(worstCorrelation, here.correlation)
    least = Math.min(least, here.delay)
    most = Math.max(most, here.delay)
    windows++
  }
  return { windows, worstCorrelation, spreadMs: ((most - least) / RATE) * 1_000 }
}
