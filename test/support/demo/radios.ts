import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { deferred, within } from '../waiting.ts'
import { readMono } from './compare-sound.ts'

const receiver = fileURLToPath(new URL('../../../main/receiver/index.ts', import.meta.url))
/** Wall and sample clocks drift: each segment says anew when its first sample sounded. */
const Segment = z.object({ fromSample: z.number(), atUs: z.number(), samples: z.number() })
const Side = z.object({ segments: z.array(Segment).min(1) })
export type SoundedSegment = z.infer<typeof Segment>

export interface DemoRadioProcess {
  readonly id: string
  readonly label: Promise<string>
  readonly digits: Promise<string>
  /** Ends the radio and reads what it sounded, with the wall time of its samples. */
  finish(): Promise<{ pcm: Float32Array; segments: readonly SoundedSegment[] }>
  kill(): void
}

/** The reference radio as its own program, writing all it sounds, silence included. */
export function startRadioProcess(id: string, station: string, folder: string): DemoRadioProcess {
  const out = join(folder, `${id}.wav`)
  const child: ChildProcess = spawn(process.execPath, [receiver, '--id', id, '--station', station, '--data', join(folder, id), '--out', out], { stdio: ['ignore', 'pipe', 'inherit'] })
  const label = deferred<string>()
  const digits = deferred<string>()
  const ended = deferred()
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const shownLabel = /^label (BS1:.*)$/.exec(line)
      const spoken = /digits (\d{6})$/.exec(line)
      if (shownLabel?.[1] !== undefined) label.resolve(shownLabel[1])
      if (spoken?.[1] !== undefined) digits.resolve(spoken[1])
    })
  }
  child.once('exit', () => ended.resolve())
  return {
    id,
    label: within(label.promise, 30_000, `${id} to show its label`),
    digits: digits.promise,
    async finish() {
      child.kill('SIGTERM')
      await within(ended.promise, 20_000, `${id} to end`)
      const side = Side.parse(JSON.parse(readFileSync(`${out}.json`, 'utf8')))
      return { pcm: readMono(out).pcm, segments: side.segments }
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
