import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { temporaryFolder } from './context.ts'
import { deferred, within } from './waiting.ts'

const Block = z.object({ firstFrame: z.number(), frames: z.number(), atMs: z.number(), connection: z.number(), zeroAtUs: z.number() })
export type TapBlock = z.infer<typeof Block> & {
  /** Sample frames in front of it in the recording. */
  readonly place: number
}

/** What an independent process read from the program tap. */
export interface TapRecording {
  readonly left: Float32Array
  readonly right: Float32Array
  readonly blocks: readonly TapBlock[]
  /** Frames that are missing between neighbouring blocks of one connection. */
  readonly missing: number
  /** The reader's clock when the sample at `index` of the recording came. */
  arrivalOf(index: number): number
  /** Station time of the sample by the mapping of the tap, ms. */
  stationTimeOf(index: number): number
  /** First index ≥ `from` where the value is not silence, or -1. */
  onset(from?: number): number
}
export interface TapRecorder extends AsyncDisposable {
  stop(): Promise<TapRecording>
}

/** Resolves when the reader hears the bus. */
export function recordTap(tapPath: string): Promise<TapRecorder> {
  return recordBy('tap-recorder-process', tapPath)
}

/** Raw int16 stereo of another program, in a named pipe that is there already. Resolves before anybody writes; it has no station time. */
export function recordPipe(path: string): Promise<TapRecorder> {
  return recordBy('pipe-recorder-process', path)
}

async function recordBy(program: 'tap-recorder-process' | 'pipe-recorder-process', path: string): Promise<TapRecorder> {
  const folder = await temporaryFolder()
  const child = spawn(process.execPath, [fileURLToPath(new URL(`./${program}.ts`, import.meta.url)), path, folder.path], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = deferred<number | null>()
  child.on('exit', (code) => ended.resolve(code))
  const listening = deferred()
  child.stdout.on('data', () => listening.resolve())
  void ended.promise.then(() => listening.reject(new Error('the reader of the tap ended')))
  try {
    await within(listening.promise, 20_000, 'the reader to hear the bus')
  } catch (error) {
    child.kill('SIGKILL')
    await folder.remove()
    throw error
  }
  const stop = async (): Promise<TapRecording> => {
    child.stdin.write('stop\n')
    await within(ended.promise, 10_000, 'the reader to end')
    return readRecording(folder.path)
  }
  return {
    stop,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended.promise
      await folder.remove()
    },
  }
}

function readRecording(folder: string): TapRecording {
  const bytes = readFileSync(join(folder, 'pcm.f32'))
  const interleaved = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  const frames = interleaved.length / 2
  const left = Float32Array.from({ length: frames }, (_, n) => interleaved[n * 2] ?? 0)
  const right = Float32Array.from({ length: frames }, (_, n) => interleaved[n * 2 + 1] ?? 0)
  let place = 0
  let missing = 0
  const blocks: TapBlock[] = []
  for (const block of z.array(Block).parse(JSON.parse(readFileSync(join(folder, 'blocks.json'), 'utf8')))) {
    const before = blocks.at(-1)
    if (before !== undefined && before.connection === block.connection) missing += block.firstFrame - before.firstFrame - before.frames
    blocks.push({ ...block, place })
    place += block.frames
  }
  const blockOf = (index: number): TapBlock => {
    let [low, high] = [0, blocks.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((blocks[middle]?.place ?? 0) <= index) low = middle
      else high = middle - 1
    }
    const block = blocks[low]
    if (block === undefined) throw new Error('nothing was recorded')
    return block
  }
  return {
    left, right, blocks, missing,
    arrivalOf: (index) => blockOf(index).atMs,
    stationTimeOf(index) {
      const block = blockOf(index)
      return block.zeroAtUs / 1000 + (block.firstFrame + index - block.place) / 48
    },
    onset: (from = 0) => left.findIndex((value, index) => index >= from && value !== 0),
  }
}
