import { app } from 'electron'
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { places } from './places.ts'

const DETAIL_BYTES = 2000
const LOG_LIMIT_BYTES = 5_000_000

export interface LaunchedStation {
  readonly process: ChildProcess
  /** Ends with the exit code, null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** The last lines it printed. */
  output(): string
}

interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/** In a working tree the Node 24 of the dependencies runs the sources; in a package Electron's own binary runs the built station. */
function stationProgram(): Program {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(ELECTRON_|CHROME_|NODE_OPTIONS$|VANGXA_NODE$)/.test(name)))
  if (app.isPackaged) {
    const folder = join(process.resourcesPath, 'app.asar.unpacked')
    return { command: process.execPath, args: [join(folder, 'main', 'station', 'index.js')], cwd: folder, env: { ...env, ELECTRON_RUN_AS_NODE: '1' } }
  }
  const node = process.env['VANGXA_NODE'] ?? join(places.root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(node)) throw new Error(`no Node 24 at ${node}: start with "npm start"`)
  return { command: node, args: [join(places.root, 'main', 'station', 'index.ts')], cwd: places.root, env }
}

/**
 * Starts the station in a session of its own, so that it outlives the window, the shell and the terminal. What it prints goes to a file:
 * a pipe would break with the shell.
 */
export function launchStation(dataFolder: string, options: { demo: boolean; port: number | null }): LaunchedStation {
  const program = stationProgram()
  const logs = join(dataFolder, 'logs')
  mkdirSync(logs, { recursive: true, mode: 0o700 })
  const file = join(logs, 'station-output.log')
  const grown = existsSync(file) && sizeOf(file) > LOG_LIMIT_BYTES
  const handle = openSync(file, grown ? 'w' : 'a', 0o600)
  const start = fstatSync(handle).size
  const nothing = openSync(devNull, 'r+')
  try {
    const args = [...program.args, '--data', dataFolder, ...(options.demo ? ['--demo'] : []), ...(options.port === null ? [] : ['--port', String(options.port)])]
    // After a kill every tenth of a second is silence: the second start finds its modules compiled.
    const child = spawn(program.command, args, { cwd: program.cwd, env: { ...program.env, NODE_COMPILE_CACHE: program.env['NODE_COMPILE_CACHE'] ?? join(dataFolder, 'compile-cache') }, detached: true, windowsHide: true, stdio: ['ignore', handle, handle, ...coveredHandles(nothing)] })
    const ended = new Promise<number | null>((resolve) => {
      child.on('error', () => resolve(1))
      child.on('exit', (code) => resolve(code))
    })
    child.unref()
    return { process: child, ended, output: () => tail(file, start) }
  } finally {
    closeSync(handle)
    closeSync(nothing)
  }
}

/**
 * Chromium leaves its files, display connection and pipes inheritable. A station that kept them would keep the window of a dead shell on the
 * screen and whoever waits for the shell's output waiting: every handle above the three standard ones is covered with the empty device.
 */
function coveredHandles(nothing: number): number[] {
  if (process.platform === 'win32') return []
  const highest = Math.max(...readdirSync('/dev/fd').map(Number).filter(Number.isInteger))
  return Array.from({ length: Math.max(0, highest - 2) }, () => nothing)
}

function sizeOf(file: string): number {
  const handle = openSync(file, 'r')
  try {
    return fstatSync(handle).size
  } finally {
    closeSync(handle)
  }
}

function tail(file: string, from: number): string {
  const handle = openSync(file, 'r')
  try {
    const { size } = fstatSync(handle)
    const start = Math.max(from, size - DETAIL_BYTES)
    const bytes = Buffer.alloc(Math.max(0, size - start))
    readSync(handle, bytes, 0, bytes.length, start)
    return bytes.toString('utf8').trim()
  } finally {
    closeSync(handle)
  }
}
