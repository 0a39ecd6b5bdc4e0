import { samplesOfMs } from './player/timeline.ts'

/** What a pole has besides its processor. The simulator and a real board implement the same few things. */
export interface Hardware {
  readonly simulated: boolean
  amp: {
    on(at: number): void
    off(): void
    readonly state: 'off' | 'warming' | 'idle' | 'on'
    /** Measured from relay on to full level. */
    readonly warmMs: number
  }
  /** What reaches the loudspeaker of a block the player made: nothing while the amplifier is cold. */
  loudspeaker(at: number, block: Float32Array): void
  /** The next reading is of what sounds from now on. */
  restartLevel(): void
  /** Output level over the last 200 ms, dBFS RMS, floor -120. */
  readonly outDbfs: number
  /** Proof level that evidence of this board can reach (BS1 13). */
  readonly proof: 1
}

const WINDOW_BLOCKS = 10
/** Below this a decoder that runs proves nothing (L1). */
export const SOUNDING_DBFS = -50

export function openSimulatedHardware(options: { warmMs: number }): Hardware {
  let onSince: number | null = null
  let lastAt = 0
  const squares: number[] = []
  let blockLength = 1
  const isWarm = (at: number): boolean => onSince !== null && at - onSince >= samplesOfMs(options.warmMs)
  const level = (): number => {
    const mean = squares.reduce((sum, one) => sum + one, 0) / Math.max(1, squares.length * blockLength)
    return mean <= 1e-12 ? -120 : 10 * Math.log10(mean)
  }
  return {
    simulated: true,
    proof: 1,
    amp: {
      on: (at) => {
        onSince ??= at
      },
      off: () => {
        onSince = null
      },
      get state() {
        if (onSince === null) return 'off'
        return isWarm(lastAt) ? (level() > SOUNDING_DBFS ? 'on' : 'idle') : 'warming'
      },
      warmMs: options.warmMs,
    },
    loudspeaker(at, block) {
      lastAt = at
      let sum = 0
      const warmAt = onSince === null ? Infinity : onSince + samplesOfMs(options.warmMs)
      for (let i = 0; i < block.length; i++) {
        if (at + i < warmAt) block[i] = 0
        const value = block[i] ?? 0
        sum += value * value
      }
      blockLength = block.length
      squares.push(sum)
      if (squares.length > WINDOW_BLOCKS) squares.shift()
    },
    restartLevel() {
      squares.length = 0
    },
    get outDbfs() {
      return Math.round(level() * 10) / 10
    },
  }
}
