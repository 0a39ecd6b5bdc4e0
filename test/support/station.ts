import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Session } from '#contract/accounts.ts'
import { readLockFile } from '../../main/station/foundation/lock-file.ts'
import { temporaryFolder } from './context.ts'
import { connectStation } from './station-client.ts'
import type { ConnectOptions, StationClient } from './station-client.ts'
import { deferred, within } from './waiting.ts'

/** The program of the station. */
export const stationProgram = fileURLToPath(new URL('../../main/station/index.ts', import.meta.url))
const Ready = z.object({ ready: z.literal(true), pid: z.number(), port: z.number(), boot: z.string(), mode: z.enum(['normal', 'safe']) })

export interface RunningStation extends AsyncDisposable {
  readonly folder: string
  readonly port: number
  readonly pid: number
  readonly mode: 'normal' | 'safe'
  readonly url: string
  /** Read again from the lock file: it changes when the station opens its rooms anew. */
  token(): string
  connect(options?: Partial<ConnectOptions>): Promise<StationClient>
  /** Everything the station wrote on stderr so far. */
  log(): string
  /** Next `ready` line after the first one (the station opened its rooms anew). */
  readyAgain(): Promise<z.infer<typeof Ready>>
  readonly exited: Promise<number | null>
  /** SIGTERM and wait. @returns the exit code */
  stop(): Promise<number | null>
  /** SIGKILL and wait. The folder stays for the next start. */
  kill(): Promise<void>
  /** Stops and removes the folder when it was made here. */
  dispose(): Promise<void>
}

export interface ProcessEnd {
  readonly code: number | null
  readonly log: string
}

function launch(args: readonly string[], env: Readonly<Record<string, string>>, entry: readonly string[] = [stationProgram]) {
  const child = spawn(process.execPath, [...entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  const ended = deferred<number | null>()
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
    if (process.env['VANGXA_TEST_LOG'] !== undefined) process.stderr.write(text)
  })
  // `close`, not `exit`: by then everything it said has been read.
  child.on('close', code => ended.resolve(code))
  child.on('error', ended.reject)
  return { child, exited: ended.promise, log: () => log }
}

/** Runs the station expecting it to end by itself (wrong arguments, folder taken …). */
export async function runStationToEnd(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ProcessEnd> {
  const { child, exited, log } = launch(args, env)
  try {
    return { code: await within(exited, 20_000, 'the station to end'), log: log() }
  } finally {
    child.kill('SIGKILL')
  }
}

/** A real station process on Node 24 in a temporary data folder, ready for windows. `entry`: another program of it, with the arguments of Node before. */
export async function startStation(options: { folder?: string; args?: readonly string[]; env?: Readonly<Record<string, string>>; readyWithinMs?: number; entry?: readonly string[] } = {}): Promise<RunningStation> {
  const own = options.folder === undefined ? await temporaryFolder() : null
  const folder = options.folder ?? own?.path ?? ''
  const { child, exited, log } = launch(['--data', folder, ...(options.args ?? [])], options.env ?? {}, options.entry)
  const readyLines: z.infer<typeof Ready>[] = []
  const waitingForReady: ((ready: z.infer<typeof Ready>) => void)[] = []
  let text = ''
  let taken = 0
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (text + chunk).split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) {
      readyLines.push(Ready.parse(JSON.parse(line)))
      waitingForReady.shift()?.(readyLines[taken++] ?? Ready.parse(null))
    }
  })
  const nextReady = () => within(new Promise<z.infer<typeof Ready>>((resolve, reject) => {
    const already = readyLines[taken]
    if (already !== undefined) {
      taken++
      return resolve(already)
    }
    waitingForReady.push(resolve)
    void exited.then(code => reject(new Error(`the station ended with ${code}:\n${log()}`)), reject)
  }), options.readyWithinMs ?? 20_000, 'the station to be ready')

  let ready: z.infer<typeof Ready>
  try {
    ready = await nextReady()
  } catch (error) {
    child.kill('SIGKILL')
    await exited
    await own?.remove()
    throw error
  }
  const lock = () => {
    const found = readLockFile(folder)
    if (found === null) throw new Error('the station has no lock file')
    return found
  }
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal)
    return within(exited, 20_000, 'the station to end')
  }
  const dispose = async () => {
    if (child.exitCode === null && child.signalCode === null) await end('SIGTERM').catch(() => end('SIGKILL'))
    await own?.remove()
  }
  return {
    folder, port: ready.port, pid: ready.pid, mode: ready.mode, url: `http://127.0.0.1:${ready.port}`, log, exited, readyAgain: nextReady, dispose,
    token: () => lock().token,
    connect: (more = {}) => connectStation({ port: ready.port, token: lock().token, ...more }),
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL')
    },
    [Symbol.asyncDispose]: dispose,
  }
}

export const testPassword = 'Loa-xa-Vang-01'

/** The first administrator of a fresh station, signed in. */
export async function foundStation(station: Pick<RunningStation, 'connect'>): Promise<{ client: StationClient; session: Session }> {
  const client = await station.connect()
  const session = await client.call('accounts.createAdministrator', { stationName: 'Đài thử', fullName: 'Nguyễn Thị Quản', userName: 'quantri', password: testPassword })
  return { client, session }
}
