/**
 * All figures of the editor, one JSON line each, beside an opponent in the same run:
 * opening and drawing long files in the real window (wavesurfer.js), renderer memory, an edit on 5 000 clips (a copy of the list), peaks of 3 h of WAV
 * and MP3 (audiowaveform, ffmpeg), loudness with true peak (ffmpeg ebur128), export of 3 h with 40 cuts (one ffmpeg graph).
 *
 *   npm run bench -- editor [--minutes 180] [--long 720] [--only window,edits,peaks,loudness,export]
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { measureEdits } from './editor/edits.ts'
import { measureExports } from './editor/exports.ts'
import { printer } from './editor/print.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '180' }, long: { type: 'string', default: '720' }, only: { type: 'string' } } })
const minutes = Number(values.minutes)
if (!Number.isFinite(minutes) || minutes < 1) throw new RangeError('--minutes takes a number from 1')
const print = printer('editor')
const Figure = z.object({ figure: z.string(), value: z.number(), unit: z.string(), versus: z.number().nullable() })

/** Another bench in a process of its own, so that neither its memory nor its garbage is in anybody's figure; its lines are told as ours. */
async function other(name: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const { figure, value, unit, versus } = Figure.parse(JSON.parse(line))
    print(figure, value, unit, versus)
  }
  const code = await ended
  if (code !== 0) throw new Error(`bench ${name} ended with ${code}`)
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vangxa-bench-'))
  try {
    await run(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const parts: Readonly<Record<string, () => Promise<void> | void>> = {
  edits: () => measureEdits(print),
  peaks: () => other('peaks', ['--minutes', String(minutes)]),
  loudness: () => other('loudness', ['--minutes', String(Math.max(1, Math.round(minutes / 6)))]),
  export: () => inFolder((folder) => measureExports(print, folder, minutes)),
  window: () => other('timeline', ['--minutes', String(minutes), '--long', values.long]),
}
const wanted = values.only?.split(',') ?? Object.keys(parts)
for (const name of wanted) {
  const part = parts[name]
  if (part === undefined) throw new RangeError(`--only knows ${Object.keys(parts).join(', ')}`)
  try {
    await part()
  } catch (error) {
    // The other figures are still worth having.
    console.error(`bench editor: ${name} failed`, error)
    process.exitCode = 1
  }
}
