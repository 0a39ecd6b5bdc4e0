/**
 * The filter RNNoise has before everything else (denoise.c, `rnnoise_process_frame`): what is mixed with its sound has to go through it as well, or
 * low voices would come out of step with themselves.
 */
export class RnnoiseHighPass {
  private first = 0
  private second = 0

  run(sound: Float32Array): void {
    let { first, second } = this
    for (let n = 0; n < sound.length; n++) {
      const value = sound[n] as number
      const out = value + first
      first = second + (1.99599 * out - 2 * value)
      second = value - 0.996 * out
      sound[n] = out
    }
    this.first = first
    this.second = second
  }
}
