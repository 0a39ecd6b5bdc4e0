const HALF_POWER = 0.7071067811865476

/**
 * How `from` source channels sound on `to` output channels, row by row (output × input).
 * mono → stereo: the same sample on both sides. stereo → mono: (L + R) / 2. More than two channels are in WAV order
 * (L R C LFE then surrounds): centre and surrounds are folded 3 dB lower, LFE is left out, the sum is scaled so that it cannot clip.
 */
export function channelMatrix(from: number, to: 1 | 2): Float64Array {
  const matrix = new Float64Array(from * to)
  if (from === 1) return matrix.fill(1)
  if (from === 2 && to === 2) return matrix.fill(1, 0, 1).fill(1, 3, 4)
  if (from === 2) return matrix.fill(0.5)
  const left = new Float64Array(from)
  const right = new Float64Array(from)
  left[0] = 1
  right[1] = 1
  left[2] = HALF_POWER
  right[2] = HALF_POWER
  const firstSurround = from >= 6 ? 4 : 3
  for (let channel = firstSurround; channel < from; channel++) {
    if ((channel - firstSurround) % 2 === 0) left[channel] = HALF_POWER
    else right[channel] = HALF_POWER
  }
  const scale = 1 / Math.max(sum(left), sum(right))
  for (let channel = 0; channel < from; channel++) {
    const l = (left[channel] ?? 0) * scale
    const r = (right[channel] ?? 0) * scale
    if (to === 2) {
      matrix[channel] = l
      matrix[from + channel] = r
    } else matrix[channel] = (l + r) / 2
  }
  return matrix
}

function sum(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}
