/** Two biquads in series; `a0` is 1. */
export interface KWeighting {
  /** High shelf: the acoustic effect of a head. */
  readonly shelf: { readonly b0: number; readonly b1: number; readonly b2: number; readonly a1: number; readonly a2: number }
  /** High pass (RLB); its numerator is 1, -2, 1. */
  readonly pass: { readonly a1: number; readonly a2: number }
}

/** ITU-R BS.1770-4, tables 1 and 2: the coefficients at 48 kHz. */
export const K_48: KWeighting = {
  shelf: { b0: 1.53512485958697, b1: -2.69169618940638, b2: 1.19839281085285, a1: -1.69065929318241, a2: 0.73248077421585 },
  pass: { a1: -1.99004745483398, a2: 0.99007225036621 },
}

/** The same analogue filters at another rate: what the tables were made from by the bilinear transform. */
export function kWeighting(rateHz: number): KWeighting {
  if (rateHz === 48_000) return K_48
  const shelf = Math.tan((Math.PI * 1_681.974450955533) / rateHz)
  const high = 10 ** (3.999843853973347 / 20)
  const band = high ** 0.4996667741545416
  const q = 0.7071752369554196
  const norm = 1 + shelf / q + shelf * shelf
  const pass = Math.tan((Math.PI * 38.13547087602444) / rateHz)
  const passQ = 0.5003270373238773
  const passNorm = 1 + pass / passQ + pass * pass
  return {
    shelf: {
      b0: (high + (band * shelf) / q + shelf * shelf) / norm, b1: (2 * (shelf * shelf - high)) / norm, b2: (high - (band * shelf) / q + shelf * shelf) / norm,
      a1: (2 * (shelf * shelf - 1)) / norm, a2: (1 - shelf / q + shelf * shelf) / norm,
    },
    pass: { a1: (2 * (pass * pass - 1)) / passNorm, a2: (1 - pass / passQ + pass * pass) / passNorm },
  }
}
