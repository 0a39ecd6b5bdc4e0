import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onPath } from '../../support/on-path.ts'
import { end, own } from './owned.ts'

const execute = promisify(execFile)
const TELLING = 2_000

/** The opponent as the OS packages bring it; null when it is not here. */
export async function findLiquidsoap(): Promise<{ readonly version: string } | null> {
  if (onPath('liquidsoap') === null) return null
  const { stdout } = await execute('liquidsoap', ['--version'])
  return { version: /Liquidsoap (\S+)/.exec(stdout)?.[1] ?? 'unknown' }
}

export async function makePipe(path: string): Promise<string> {
  await execute('mkfifo', [path])
  return path
}

export interface RunningLiquidsoap extends AsyncDisposable {
  /** Wall clock just before it was started, ms. */
  readonly startedAt: number
  kill(): Promise<void>
  /** When it ends by itself. */
  readonly ended: Promise<number | null>
  said(): string
}

/** @param main the script: must define `s`. It is written to the pipe (or file) as int16 stereo at 48 kHz, each frame at once. */
export async function runLiquidsoap(folder: string, name: string, options: { main: string; output: string; endsWithSource?: boolean }): Promise<RunningLiquidsoap> {
  const script = join(folder, `${name}.liq`)
  await writeFile(script, [
    'settings.init.allow_root.set(true)',
    'settings.log.stdout.set(true)',
    'settings.log.file.set(false)',
    'settings.log.level.set(3)',
    'settings.frame.audio.samplerate.set(48000)',
    options.main,
    `output.file(%wav(header=false, stereo=true, samplesize=16), fallible=true, flush=true, append=true, ${options.endsWithSource === true ? 'on_stop=shutdown, ' : ''}${quoted(options.output)}, s)`,
    '',
  ].join('\n'))
  const startedAt = Date.now()
  const child: ChildProcess = spawn('liquidsoap', [script], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder })
  own(child.pid)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => void (said = (said + text).slice(-TELLING)))
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return {
    startedAt, ended, said: () => said,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    [Symbol.asyncDispose]: () => end(child),
  }
}

export function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** A predicate that is true for `seconds` from each of the instants (ms) on: a wall-clock switch as the manual shows it, for any number of times. */
export function duringScript(name: string, instantsMs: readonly number[], seconds: number): string {
  return `${name}_times = [${instantsMs.map((at) => (at / 1000).toFixed(3)).join(', ')}]
def ${name}() =
  let now = time()
  list.exists(fun (at) -> now >= at and now < at + ${seconds.toFixed(3)}, ${name}_times)
end`
}
