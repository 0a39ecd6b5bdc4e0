/**
 * Microphone side of the capture, in the audio thread. Collects the 128-frame quanta into blocks of 100 ms (a quantum that does not fit is
 * split, the rest carried over), interleaved, in buffers of a pool made before the first sample; the Worker sends emptied buffers back.
 */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort
  constructor(options?: unknown)
}
declare function registerProcessor(name: string, processor: unknown): void
declare const currentFrame: number

const BLOCK_FRAMES = 4_800
const POOL_BLOCKS = 48
const LEVEL_FRAMES = 1_024

class CaptureProcessor extends AudioWorkletProcessor {
  #channels = 1
  #out: MessagePort | null = null
  #pool: Float32Array<ArrayBuffer>[] = []
  #block: Float32Array<ArrayBuffer> | null = null
  #filled = 0
  #firstFrame = 0
  #expected = -1
  #levels = new Float64Array(1)
  #levelFrames = 0
  #flushIds: number[] = []

  constructor(options?: { processorOptions?: { channels?: number } }) {
    super(options)
    this.#channels = options?.processorOptions?.channels ?? 1
    this.#levels = new Float64Array(1 + this.#channels * 2)
    for (let i = 0; i < POOL_BLOCKS; i++) this.#pool.push(new Float32Array(BLOCK_FRAMES * this.#channels))
    this.port.onmessage = (message: MessageEvent) => {
      const port: unknown = message.ports[0]
      if (!(port instanceof MessagePort)) return
      this.#out = port
      port.onmessage = (back: MessageEvent) => this.#fromWorker(back.data)
    }
  }

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const planes = inputs[0] ?? []
    const frames = planes[0]?.length ?? 128
    if (this.#expected >= 0 && currentFrame !== this.#expected) this.#send()
    this.#expected = currentFrame + frames
    let done = 0
    while (done < frames) {
      if (this.#block === null) {
        this.#block = this.#pool.pop() ?? new Float32Array(BLOCK_FRAMES * this.#channels)
        this.#filled = 0
        this.#firstFrame = currentFrame + done
      }
      const count = Math.min(frames - done, BLOCK_FRAMES - this.#filled)
      this.#copy(planes, done, count, this.#block)
      done += count
      if (this.#filled === BLOCK_FRAMES) this.#send()
    }
    this.#levelFrames += frames
    if (this.#levelFrames >= LEVEL_FRAMES) this.#sendLevels()
    if (this.#flushIds.length > 0) this.#flush()
    return true
  }

  #copy(planes: readonly Float32Array[], from: number, count: number, block: Float32Array): void {
    for (let channel = 0; channel < this.#channels; channel++) {
      // An unplugged input has no planes: positions go on, over silence.
      const plane = planes[channel]
      let peak = this.#levels[1 + channel * 2] ?? 0
      let sum = this.#levels[2 + channel * 2] ?? 0
      for (let i = 0; i < count; i++) {
        const value = plane === undefined ? 0 : (plane[from + i] ?? 0)
        block[(this.#filled + i) * this.#channels + channel] = value
        const level = value < 0 ? -value : value
        if (level > peak) peak = level
        sum += value * value
      }
      this.#levels[1 + channel * 2] = peak
      this.#levels[2 + channel * 2] = sum
    }
    this.#filled += count
  }

  #send(): void {
    const block = this.#block
    if (block === null || this.#filled === 0) return
    if (this.#out === null) {
      this.#pool.push(block)
    } else {
      this.#out.postMessage({ kind: 'block', buffer: block.buffer, firstFrame: this.#firstFrame, frames: this.#filled }, [block.buffer])
    }
    this.#block = null
    this.#filled = 0
  }

  #sendLevels(): void {
    this.#levels[0] = this.#expected
    for (let i = 2; i < this.#levels.length; i += 2) this.#levels[i] = (this.#levels[i] ?? 0) / this.#levelFrames
    this.port.postMessage(this.#levels)
    this.#levels.fill(0)
    this.#levelFrames = 0
  }

  #flush(): void {
    this.#send()
    for (const id of this.#flushIds) this.#out?.postMessage({ kind: 'flushed', id, frame: this.#expected })
    this.#flushIds.length = 0
  }

  #fromWorker(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      if (this.#pool.length < POOL_BLOCKS && data.byteLength === BLOCK_FRAMES * this.#channels * 4) this.#pool.push(new Float32Array(data))
    } else if (typeof data === 'number') {
      this.#flushIds.push(data)
    }
  }
}

registerProcessor('vangxa-capture', CaptureProcessor)
