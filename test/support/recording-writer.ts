import { createWriteStream, writeFileSync } from 'node:fs'
import { raisePriority } from '../../main/station/air/pace.ts'
import { systemClock } from '../../main/station/foundation/clock.ts'

export interface WrittenBlock {
  readonly firstFrame: number
  readonly frames: number
  readonly atMs: number
  readonly connection: number
  readonly zeroAtUs: number
}

/**
 * What a measuring process keeps of the sound it reads: pcm.f32 (interleaved stereo as it came) and, when told to stop on stdin, blocks.json
 * with the arrival of each block by its own clock. Tells its parent once that it listens.
 */
export class RecordingWriter {
  private readonly clock = systemClock()
  private readonly blocks: WrittenBlock[] = []
  private readonly pcm
  private readonly folder: string
  private said = false

  constructor(folder: string, stop: () => void) {
    this.folder = folder
    this.pcm = createWriteStream(`${folder}/pcm.f32`)
    // A measuring device that waits for its turn would measure the machine, not the air.
    raisePriority()
    // Reading it often keeps the estimate between the edges of the millisecond sharp.
    setInterval(() => this.clock.now(), 1)
    process.stdin.on('data', () => {
      stop()
      this.finish()
    })
    process.stdin.on('end', () => process.exit(1))
  }

  now(): number {
    return this.clock.now()
  }

  listening(): void {
    if (!this.said) process.stdout.write('listening\n')
    this.said = true
  }

  add(samples: Float32Array, block: Omit<WrittenBlock, 'frames'>): void {
    this.blocks.push({ ...block, frames: samples.length / 2 })
    this.pcm.write(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength))
  }

  private finish(): void {
    this.pcm.end(() => {
      writeFileSync(`${this.folder}/blocks.json`, JSON.stringify(this.blocks))
      process.exit(0)
    })
  }
}
