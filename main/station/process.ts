import { randomBytes } from 'node:crypto'
import { AppError } from '#contract/errors.ts'
import packageFile from '../../package.json' with { type: 'json' }
import locale from '#resources/locales/vi.json' with { type: 'json' }
import { listen } from './api/server.ts'
import { readArguments, usage } from './arguments.ts'
import type { StationArguments } from './arguments.ts'
import { systemClock } from './foundation/clock.ts'
import { emptyTemp, prepareFolders } from './foundation/folders.ts'
import { removeLockFile, writeLockFile } from './foundation/lock-file.ts'
import { openLogger } from './foundation/logger.ts'
import { keepReserve, useReserve } from './foundation/reserve.ts'
import { openHouse } from './house.ts'
import type { Composition } from './house.ts'
import { holdFolder } from './store/guard.ts'

export const exitCodes = { ok: 0, failed: 1, arguments: 2, anotherStation: 3, portInUse: 4 } as const

const CLOSE_LIMIT_MS = 10_000
/** A fault that repeats faster than this is a loop: a fresh start is better than burning the processor. */
const MAX_FAULTS = 200
const FAULTS_WITHIN_MS = 10_000

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

function readOrExplain(argv: readonly string[]): StationArguments | null {
  try {
    return readArguments(argv)
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    return null
  }
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof AppError)) return exitCodes.failed
  return error.code === 'another-station' ? exitCodes.anotherStation : error.code === 'port-in-use' ? exitCodes.portInUse : exitCodes.failed
}

/** The same three parts a window shows: a station without a window tells them where it was started. */
function inWords(error: AppError): string {
  const { happened, safe, todo } = locale.errors[error.code]
  return [happened, safe, todo].join(' ').replace(/\{(\w+)\}/g, (_, name: string) => String(error.data[name] ?? ''))
}

/** Runs the station until it is told to stop. @returns the exit code of the process */
export async function runStation(argv: readonly string[], compose: (options: { demo: boolean }) => Composition): Promise<number> {
  const wanted = readOrExplain(argv)
  if (wanted === null) return exitCodes.arguments
  // A parent that started us and went away must not end us with its pipe or its terminal.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.on('SIGHUP', () => undefined)
  try {
    return await serve(wanted, compose({ demo: wanted.demo }))
  } catch (error) {
    const detail = error instanceof AppError ? `${error.code} ${JSON.stringify(error.data)}` : error instanceof Error ? (error.stack ?? error.message) : String(error)
    say(`station: ${detail}`)
    if (error instanceof AppError) say(inWords(error))
    return exitCodeOf(error)
  }
}

async function serve(wanted: StationArguments, composition: Composition): Promise<number> {
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

    for (;;) {
      const house = await openHouse({ composition, folders, clock, logger, listener, token, version: packageFile.version, control })
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
