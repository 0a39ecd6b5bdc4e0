import { randomBytes } from 'node:crypto'
import type { Worker } from 'node:worker_threads'
import { AppError } from '#contract/errors.ts'
import packageFile from '../../package.json' with { type: 'json' }
import { startAir } from './air/start.ts'
import { listen } from './api/listener.ts'
import type { StationArguments } from './arguments.ts'
import { systemClock } from './foundation/clock.ts'
import { emptyTemp, prepareFolders } from './foundation/folders.ts'
import { idMaker } from './foundation/ids.ts'
import { removeLockFile, writeLockFile } from './foundation/lock-file.ts'
import { openLogger } from './foundation/logger.ts'
import { keepReserve, useReserve } from './foundation/reserve.ts'
import { createScope } from './foundation/scope.ts'
import type { House, openHouse } from './house.ts'
import { holdFolder } from './store/guard.ts'

const exitCodes = { ok: 0, failed: 1, anotherStation: 3, portInUse: 4 } as const

/** So long the rest of the station waits for the first block to be out: what it loads would take the processor from it. */
const SOUNDING_LIMIT_MS = 1_000
const CLOSE_LIMIT_MS = 10_000
/** A fault that repeats faster than this is a loop: a fresh start is better than burning the processor. */
const MAX_FAULTS = 200
const FAULTS_WITHIN_MS = 10_000

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof AppError)) return exitCodes.failed
  return error.code === 'another-station' ? exitCodes.anotherStation : error.code === 'port-in-use' ? exitCodes.portInUse : exitCodes.failed
}

/** The same three parts a window shows: a station without a window tells them where it was started. */
async function inWords(error: AppError): Promise<string> {
  const { default: locale } = await import('#resources/locales/vi.json', { with: { type: 'json' } })
  const { happened, safe, todo } = locale.errors[error.code]
  return [happened, safe, todo].join(' ').replace(/\{(\w+)\}/g, (_, name: string) => String(error.data[name] ?? ''))
}

/** Runs the station until it is told to stop; `thread` becomes the air's. @returns the exit code of the process */
export async function runStation(wanted: StationArguments, thread: Worker): Promise<number> {
  // A parent that started us and went away must not end us with its pipe or its terminal.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.on('SIGHUP', () => undefined)
  try {
    return await serve(wanted, thread)
  } catch (error) {
    const detail = error instanceof AppError ? `${error.code} ${JSON.stringify(error.data)}` : error instanceof Error ? (error.stack ?? error.message) : String(error)
    say(`station: ${detail}`)
    if (error instanceof AppError) say(await inWords(error))
    return exitCodeOf(error)
  }
}

/** One opening of the station: the air first; everything else is loaded and opened while it sounds. */
async function open(found: Omit<Parameters<typeof openHouse>[0], 'composition' | 'scope' | 'boot'>, options: { demo: boolean; thread: Worker | undefined }): Promise<House> {
  const { folders, clock, logger } = found
  const boot = found.newId()
  const scope = createScope('station', (name, error) => logger.error('a timer or an end failed', { scope: name, error }))
  try {
    const air = startAir({ folders, clock, logger, scope, boot }, { loaded: options.thread })
    await air.host.sounding(SOUNDING_LIMIT_MS)
    const [house, rooms] = await Promise.all([import('./house.ts'), import('./rooms.ts')])
    return await house.openHouse({ ...found, scope, boot, composition: rooms.compose(air, options) })
  } catch (error) {
    await scope.dispose()
    throw error
  }
}

async function serve(wanted: StationArguments, thread: Worker): Promise<number> {
  const folders = prepareFolders(wanted.data)
  const usedReserve = useReserve(folders.root)
  const guard = holdFolder(folders.root)
  removeLockFile(folders.root)
  emptyTemp(folders)
  const logger = openLogger(folders.logs, { level: wanted.log, stderr: true })
  const clock = systemClock()
  if (usedReserve) logger.warn('the disk is full: the reserve was given back so that the station can start')
  else keepReserve(folders.root)
  try {
    const listener = await listen(wanted.port)
    const token = randomBytes(32).toString('base64url')
    let next: 'stop' | 'reopen' | null = null
    let wake: () => void = () => undefined
    const ask = (what: 'stop' | 'reopen') => {
      next = next === 'stop' ? 'stop' : what
      wake()
    }
    // Answers that are being written when the order comes still go out.
    const control = { stop: () => void setTimeout(ask, 50, 'stop'), reopen: () => void setTimeout(ask, 50, 'reopen') }
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ask('stop'))

    const faults: number[] = []
    const onFault = (error: unknown) => {
      logger.error('an unexpected fault; the station goes on', { error })
      const now = clock.monotonicMs()
      while (faults[0] !== undefined && faults[0] < now - FAULTS_WITHIN_MS) faults.shift()
      if (faults.push(now) > MAX_FAULTS) process.exit(exitCodes.failed)
    }
    process.on('uncaughtException', onFault)
    process.on('unhandledRejection', onFault)

    const newId = idMaker(clock)
    let loaded: Worker | undefined = thread
    for (;;) {
      const house = await open({ folders, clock, logger, listener, token, version: packageFile.version, control, newId }, { demo: wanted.demo, thread: loaded })
      loaded = undefined
      writeLockFile(folders.root, { pid: process.pid, port: listener.port, token, boot: house.boot, startedAt: house.startedAt })
      logger.info('the station is open', { mode: house.mode, port: listener.port, boot: house.boot, data: folders.root })
      process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid, port: listener.port, boot: house.boot, mode: house.mode })}\n`)
      while (next === null) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
      const step: 'stop' | 'reopen' = next
      next = null
      logger.info('the station closes', { step })
      // Something that does not end must not keep the folder from the next station.
      const limit = setTimeout(() => {
        logger.error('the station did not close in time')
        removeLockFile(folders.root)
        process.exit(exitCodes.failed)
      }, CLOSE_LIMIT_MS)
      await house.close()
      clearTimeout(limit)
      if (step === 'stop') break
    }
    await listener.close()
    return exitCodes.ok
  } finally {
    removeLockFile(folders.root)
    guard.release()
    logger.close()
  }
}
