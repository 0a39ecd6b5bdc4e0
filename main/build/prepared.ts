import { spawn } from 'node:child_process'
import { resolveElectron } from './electron/runtime.ts'
import { openDisplay } from './display.ts'
import { buildApplication } from './build.ts'
import { sandboxArguments } from './sandbox.ts'
import { root } from './vite-configs.ts'

export interface Prepared {
  readonly electron: string
  readonly electronArguments: readonly string[]
  readonly env: NodeJS.ProcessEnv
  close(): void
}

/** Electron, a display and a current build: what everything that opens the window needs. */
export async function prepareApplication(): Promise<Prepared> {
  const electron = await resolveElectron()
  await buildApplication()
  const display = await openDisplay()
  const env = { ...process.env, ...display.env, ELECTRON_OVERRIDE_DIST_PATH: electron.folder, VANGXA_NODE: process.execPath }
  return { electron: electron.executable, electronArguments: [...sandboxArguments(), ...display.electronArguments], env, close: display.close }
}

/** Waits for the end of a child and passes the signals on that ask for it. */
export function runToEnd(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/** Prepares, runs, and says in one sentence what stood in the way. */
export async function runPrepared(program: (prepared: Prepared) => { command: string; args: readonly string[] }): Promise<void> {
  try {
    const prepared = await prepareApplication()
    const { command, args } = program(prepared)
    process.exitCode = await runToEnd(command, args, prepared.env)
    prepared.close()
  } catch (error) {
    console.error(`[studio] stopped: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}

/** `prepared.ts <program> [arguments]`: runs a Node program that opens the application by itself. */
if (import.meta.main) await runPrepared(() => ({ command: process.execPath, args: process.argv.slice(2) }))
