/** Counter values (24-bit files at unity gain) of a float recording: sample n of the file holds n + first. 0 = silence. */
export function counterValues(samples: Float32Array): Int32Array {
  return Int32Array.from(samples, (value) => Math.round(value * 0x800000))
}

/** Splits a recording into stretches that count up by one. */
export function countingRuns(samples: Float32Array): { at: number; first: number; length: number }[] {
  const values = counterValues(samples)
  const runs: { at: number; first: number; length: number }[] = []
  let open: { at: number; first: number; length: number } | null = null
  for (const [at, value] of values.entries()) {
    if (open !== null && value === open.first + open.length && value !== 0) {
      open.length++
      continue
    }
    open = value === 0 ? null : { at, first: value, length: 1 }
    if (open !== null) runs.push(open)
  }
  return runs
}
