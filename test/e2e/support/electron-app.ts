import { type ElectronApplication, type Page, _electron } from '@playwright/test'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sandboxArguments } from '../../../main/build/sandbox.ts'
import { resolveElectron } from '../../../main/build/electron/runtime.ts'
import { root } from '../../../main/build/vite-configs.ts'
import { isRunning, processTree, signalAll } from '../../support/process-tree.ts'

export { isRunning }

export interface StationLock {
  readonly pid: number
  readonly port: number
  readonly token: string
  readonly boot: string
}

export interface LaunchOptions {
  /** Kept on close when given; else a temporary folder that is removed. */
  readonly dataDir?: string
  readonly demo?: boolean
  /** WAV that the fake microphone plays, in a loop. Without it the fake microphone beeps. */
  readonly microphoneWav?: string
  /** No fake microphone at all: what a computer without one shows. */
  readonly noMicrophone?: boolean
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Leaves the station running on close; the caller ends it. */
  readonly keepStation?: boolean
}

export interface Studio {
  readonly app: ElectronApplication
  readonly page: Page
  readonly dataDir: string
  /** What the running station wrote; waits until it did. */
  stationLock(): Promise<StationLock>
  /** Closes the shell, ends the station it started and removes a temporary data folder. */
  close(): Promise<void>
}

const LOCK_LIMIT_MS = 60_000
const END_LIMIT_MS = 15_000
const CLOSE_LIMIT_MS = 10_000

export function readLock(dataDir: string): StationLock | null {
  try {
    return JSON.parse(readFileSync(join(dataDir, 'station.lock.json'), 'utf8')) as StationLock
  } catch {
    // Not there yet, or not any more.
    return null
  }
}

export async function waitForLock(dataDir: string, accept: (lock: StationLock) => boolean = () => true): Promise<StationLock> {
  const limit = Date.now() + LOCK_LIMIT_MS
  while (Date.now() < limit) {
    const lock = readLock(dataDir)
    if (lock !== null && accept(lock)) return lock
    await pause(50)
  }
  throw new Error(`no station in ${dataDir} within ${LOCK_LIMIT_MS / 1000} s`)
}

/** Stations that work on this folder, also one that has not written its lock yet. */
function stationsOf(dataDir: string): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return words.some((word) => word.endsWith('/station/index.ts')) && words[words.indexOf('--data') + 1] === dataDir
    } catch {
      // It ended while we looked.
      return false
    }
  }).map(Number)
}

/** Asks the station to end and waits; a station that does not is killed, so that no test leaves a process behind. */
export async function endStation(dataDir: string): Promise<void> {
  for (const pid of stationsOf(dataDir)) {
    process.kill(pid, 'SIGTERM')
    const limit = Date.now() + END_LIMIT_MS
    while (isRunning(pid)) {
      if (Date.now() > limit) process.kill(pid, 'SIGKILL')
      await pause(50)
    }
  }
}

/** `kill -9` of the application and everything it started, except the station. */
export async function killApplication(app: ElectronApplication, dataDir: string): Promise<void> {
  const { pid } = app.process()
  const pids = pid === undefined ? [] : processTree(pid, stationsOf(dataDir))
  signalAll(pids, 'SIGKILL')
  while (pids.some(isRunning)) await pause(20)
}

/** Quits the shell; one that stays (a question on the screen, a page that hangs) is ended with everything it started, except the station. */
async function closeShell(app: ElectronApplication, dataDir: string): Promise<void> {
  const shell = app.process()
  const closed = app.close().then(() => true, () => true)
  if (await Promise.race([closed, pause(CLOSE_LIMIT_MS, false, { ref: false })])) return
  if (shell.pid !== undefined) signalAll(processTree(shell.pid, stationsOf(dataDir)), 'SIGKILL')
  // A driver that lost its process may never answer.
  await Promise.race([closed, pause(CLOSE_LIMIT_MS, false, { ref: false })])
}

function microphoneArguments(options: LaunchOptions): string[] {
  if (options.noMicrophone === true) return []
  // No fake permission dialog: it would answer instead of the shell's own permission handler.
  const fake = ['--use-fake-device-for-media-stream']
  return options.microphoneWav === undefined ? fake : [...fake, `--use-file-for-fake-audio-capture=${options.microphoneWav}`]
}

/** The display of this worker: two windows on one would take the keyboard from each other. */
function ownDisplay(): { DISPLAY?: string } {
  const displays = (process.env['VANGXA_DISPLAYS'] ?? '').split(' ').filter(Boolean)
  const own = displays[Number(process.env['TEST_PARALLEL_INDEX'] ?? 0) % Math.max(1, displays.length)]
  return own === undefined ? {} : { DISPLAY: own }
}

/** Opens the real application: the shell, its window, and a station on a data folder of its own. Expects a built tree and a display. */
export async function launchStudio(options: LaunchOptions = {}): Promise<Studio> {
  const runtime = await resolveElectron()
  const temporary = options.dataDir === undefined
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'vangxa-e2e-'))
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: [
      ...sandboxArguments(), '--lang=vi', ...microphoneArguments(options), root, '--data', dataDir, ...(options.demo === true ? ['--demo'] : []), ...(options.args ?? []),
    ],
    env: { ...process.env, ...ownDisplay(), LANGUAGE: 'vi', VANGXA_NODE: process.execPath, ...options.env },
    cwd: root,
  })
  const close = async (): Promise<void> => {
    // The shell goes first: it would start the station again.
    await closeShell(app, dataDir)
    if (options.keepStation === true) return
    await endStation(dataDir)
    if (temporary) rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
  try {
    const page = await app.firstWindow()
    return { app, page, dataDir, stationLock: () => waitForLock(dataDir), close }
  } catch (error) {
    await close()
    throw error
  }
}
