import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { promisify } from 'node:util'
import createCommand from 'fluent-ffmpeg'
import { AppError } from '#contract/errors.ts'
import type { Scope } from '../context.ts'
import { candidates } from './binary.ts'
import type { BinarySource } from './binary.ts'
import { ffmpegError, progressSeconds } from './ffmpeg-text.ts'
import type { FfmpegPlan } from './arguments.ts'

/** The only file that knows fluent-ffmpeg. To replace the library, keep `openFfmpeg` and rewrite what is below it. */

export interface Capabilities {
  readonly path: string
  readonly version: string
  readonly source: BinarySource
  readonly encoders: ReadonlySet<string>
  readonly filters: ReadonlySet<string>
}

export interface LivePipe {
  /** False when the encoder is behind: the block was dropped, memory does not grow. */
  write(bytes: Uint8Array): boolean
  end(): void
  kill(): void
}

export interface Ffmpeg {
  capabilities(): Promise<Capabilities>
  /** Resolves with the last 64 KB of standard error; rejects with an AppError ('cancelled', 'disk-full', 'file-not-audio' …). */
  run(plan: FfmpegPlan, options: { signal: AbortSignal; onSeconds?: (seconds: number) => void }): Promise<string>
  live(inputOptions: readonly string[], outputOptions: readonly string[], options: { onData: (chunk: Buffer) => void; onExit: (code: number | null) => void; maxQueuedBytes: number }): LivePipe
  /** Decodes until the source ends or it is killed. */
  listen(plan: { inputOptions: readonly string[]; input: string; outputOptions: readonly string[] }, options: { onData: (chunk: Buffer) => void; onExit: (code: number | null) => void }): { kill(): void }
  /** For a child that another file of this room started: its line is told, and it ends with the room. Gives what to call when it has ended. */
  adopt(line: string, kill: () => void): () => void
  /** Command lines of the last runs, newest last: shown to people who want to know. */
  lastCommands(): readonly string[]
}

const KEPT_STDERR = 64 * 1024
const KILL_AFTER_MS = 2_000
/** A file on a dead network share or a decoder in a loop must not hold a job for ever. */
const STALLED_MS = 120_000

const execute = promisify(execFile)

function names(listing: string): Set<string> {
  const found = new Set<string>()
  for (const line of listing.split('\n')) {
    const match = /^ [A-Z.|]{2,7}\s+([a-z0-9_]+)\s/.exec(line)
    if (match?.[1] !== undefined) found.add(match[1])
  }
  return found
}

/** What a program can do stays what it is: asked once in a process, however many rooms it has. */
const asked = new Map<string, Promise<Omit<Capabilities, 'source'>>>()

async function askProgram(path: string): Promise<Omit<Capabilities, 'source'>> {
  const [encoders, filters] = await Promise.all(['-encoders', '-filters'].map((flag) => execute(path, [flag], { timeout: 20_000, maxBuffer: 4_000_000, windowsHide: true })))
  // Its banner, which every answer begins with.
  const version = /^ffmpeg version (\S+)/m.exec(encoders?.stderr ?? '')?.[1]
  if (version === undefined) throw new Error('not an ffmpeg')
  return { path, version, encoders: names(encoders?.stdout ?? ''), filters: names(filters?.stdout ?? '') }
}

async function abilitiesOf(path: string): Promise<Omit<Capabilities, 'source'>> {
  const { size, mtimeMs } = await stat(path)
  const program = `${path} ${size} ${mtimeMs}`
  const answer = asked.get(program) ?? askProgram(path)
  asked.set(program, answer)
  try {
    return await answer
  } catch (error) {
    asked.delete(program)
    throw error
  }
}

async function readCapabilities(setting: string | null): Promise<Capabilities> {
  for (const { path, source } of candidates(setting)) {
    try {
      return { ...(await abilitiesOf(path)), source }
    } catch {
      // Not an ffmpeg, or one that cannot run on this computer: the next candidate serves.
    }
  }
  throw new AppError('ffmpeg-missing')
}

export function openFfmpeg(scope: Scope, setting: () => string | null): Ffmpeg {
  let known: { setting: string | null; value: Promise<Capabilities> } | null = null
  const running = new Set<() => void>()
  const commands: string[] = []
  scope.add(() => {
    for (const kill of running) kill()
  })

  function capabilities(): Promise<Capabilities> {
    const wanted = setting()
    if (known === null || known.setting !== wanted) {
      const value = readCapabilities(wanted)
      known = { setting: wanted, value }
      value.catch(() => {
        if (known?.value === value) known = null
      })
    }
    return known.value
  }

  /** Spread, not an array: the library splits array members at a space, which would cut titles in two. */
  const prepare = async (niceness: number) => {
    const { path } = await capabilities()
    return startingAtOnce(createCommand({ niceness, stdoutLines: 1 }).setFfmpegPath(path))
  }

  const note = (line: string) => {
    commands.push(line)
    if (commands.length > 50) commands.shift()
  }

  return {
    capabilities,
    lastCommands: () => commands,
    adopt(line, kill) {
      note(line)
      running.add(kill)
      return () => void running.delete(kill)
    },

    async run(plan, { signal, onSeconds }) {
      const command = await prepare(10)
      if (signal.aborted) throw abortReason(signal)
      command.input(plan.input).inputOptions(...plan.inputOptions)
      if (plan.metadataInput !== undefined) command.input(plan.metadataInput).inputOptions('-protocol_whitelist', 'file,pipe', '-f', 'ffmetadata')
      for (const output of plan.outputs) command.output(output.target).outputOptions(...output.options)
      let stderr = ''
      let stalled = false
      let started = false
      let watchdog: NodeJS.Timeout | undefined
      let harder: NodeJS.Timeout | undefined
      const kill = () => {
        if (!started) return
        command.kill('SIGTERM')
        harder ??= setTimeout(() => command.kill('SIGKILL'), KILL_AFTER_MS)
      }
      const alive = () => {
        clearTimeout(watchdog)
        watchdog = setTimeout(() => {
          stalled = true
          kill()
        }, STALLED_MS)
      }
      try {
        return await new Promise<string>((resolve, reject) => {
          command.on('start', (line: string) => {
            started = true
            note(line)
            if (signal.aborted) kill()
          })
          command.on('stderr', (line: string) => {
            alive()
            const seconds = progressSeconds(line)
            if (seconds === null) stderr = `${stderr}${line}\n`.slice(-KEPT_STDERR)
            else onSeconds?.(seconds)
          })
          command.on('end', () => resolve(stderr))
          command.on('error', (error: Error) => {
            if (signal.aborted) reject(abortReason(signal))
            else if (stalled) reject(new AppError('timeout', { cause: error }))
            else reject(ffmpegError(stderr, error))
          })
          signal.addEventListener('abort', kill, { once: true })
          running.add(kill)
          alive()
          command.run()
        })
      } finally {
        clearTimeout(watchdog)
        clearTimeout(harder)
        signal.removeEventListener('abort', kill)
        running.delete(kill)
      }
    },

    live(inputOptions, outputOptions, { onData, onExit, maxQueuedBytes }) {
      const input = new PassThrough({ highWaterMark: maxQueuedBytes })
      // The library takes a closed output stream for a failure: it must not close by itself.
      const output = new PassThrough({ autoDestroy: false })
      let command: ReturnType<typeof createCommand> | null = null
      let killed = false
      let code: number | null | undefined
      let drained = false
      const finish = () => {
        if (code === undefined || !drained) return
        running.delete(kill)
        onExit(code)
      }
      const ended = (value: number | null) => {
        if (code !== undefined) return
        code = value
        output.end()
        finish()
      }
      const kill = () => {
        killed = true
        input.destroy()
        command?.kill('SIGKILL')
      }
      running.add(kill)
      output.on('data', onData)
      output.on('end', () => {
        drained = true
        finish()
      })
      prepare(0).then(
        (ready) => {
          if (killed) return ended(null)
          command = ready
          ready.input(input).inputOptions(...inputOptions).outputOptions(...outputOptions)
          ready.on('start', (line: string) => {
            note(line)
            if (killed) ready.kill('SIGKILL')
          })
          ready.on('end', () => ended(0))
          ready.on('error', (error: Error) => ended(exitCode(error)))
          ready.pipe(output, { end: true })
        },
        () => ended(null),
      )
      return {
        write(bytes) {
          if (killed || code !== undefined || input.writableEnded || input.writableLength + bytes.length > maxQueuedBytes) return false
          input.write(bytes)
          return true
        },
        end: () => {
          if (!killed) input.end()
        },
        kill,
      }
    },

    listen(plan, { onData, onExit }) {
      const output = new PassThrough({ autoDestroy: false })
      let command: ReturnType<typeof createCommand> | null = null
      let killed = false
      let ended = false
      const end = (code: number | null) => {
        if (ended) return
        ended = true
        running.delete(kill)
        // What it said last is heard before its end is told.
        output.on('end', () => onExit(code))
        output.end()
      }
      const kill = () => {
        killed = true
        command?.kill('SIGKILL')
      }
      running.add(kill)
      output.on('data', (chunk: Buffer) => {
        if (!killed) onData(chunk)
      })
      prepare(0).then(
        (ready) => {
          if (killed) return end(null)
          command = ready
          ready.input(plan.input).inputOptions(...plan.inputOptions).outputOptions(...plan.outputOptions)
          ready.on('start', (line: string) => {
            note(withoutSecrets(line))
            if (killed) ready.kill('SIGKILL')
          })
          ready.on('end', () => end(0))
          ready.on('error', (error: Error) => end(exitCode(error)))
          ready.pipe(output, { end: false })
        },
        () => end(null),
      )
      return { kill }
    },
  }
}

/** The library would start ffmpeg twice more before the first run, to ask for formats and encoders. Whoever runs it here knows them, and ffmpeg refuses what it does not have by itself. */
function startingAtOnce(command: ReturnType<typeof createCommand>): ReturnType<typeof createCommand> {
  return Object.assign(command, { _checkCapabilities: (then: () => void) => then() })
}

/** A stream's address may hold a name and a password. */
function withoutSecrets(line: string): string {
  return line.replace(/(https?:\/\/)[^/\s@]+@/g, '$1')
}

/** Who aborts may say why with an AppError; else it is a cancel. */
function abortReason(signal: AbortSignal): AppError {
  const reason: unknown = signal.reason
  return reason instanceof AppError ? reason : new AppError('cancelled', { cause: reason })
}

/** The library puts the exit code into a sentence. */
function exitCode(error: Error): number | null {
  const code = /exited with code (\d+)/.exec(error.message)?.[1]
  return code === undefined ? null : Number(code)
}
