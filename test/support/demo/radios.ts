import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { deferred, within } from '../waiting.ts'
import { readMono } from './compare-sound.ts'

const receiver = fileURLToPath(new URL('../../../main/receiver/index.ts', import.meta.url))
const Side = z.object({ startedAtUs: z.number().nullable(), samples: z.number() })

export interface DemoRadioProcess {
  readonly id: string
  readonly label: Promise<string>
  readonly digits: Promise<string>
  /** Ends the radio and reads what it sounded, with the wall time of its first sample. */
  finish(): Promise<{ pcm: Float32Array; startedAtUs: number }>
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
      if (side.startedAtUs === null) throw new Error(`${id} wrote no sample`)
      return { pcm: readMono(out).pcm, startedAtUs: side.startedAtUs }
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
