import { spawnSync } from 'node:child_process'

/**
 * Plain progress lines: one per step, no colour, no cursor tricks, readable in a CI log.
 * @param {string} line
 */
export function say(line) {
  console.log(`[studio] ${line}`)
}

/** An error the person can act on: shown without a stack. */
export class Hindrance extends Error {}

/**
 * Runs a program and waits. Output goes to the terminal unless `quiet`.
 * @typedef {{ quiet?: boolean, cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number, shell?: boolean }} RunOptions
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} options
 */
export function runProgram(command, args, { quiet = false, ...options } = {}) {
  const result = spawnSync(command, args, { stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'], encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options })
  return { ok: result.status === 0, status: result.status, stdout: result.stdout ?? '', stderr: result.stderr ?? '', error: result.error }
}

/**
 * npm as a child: on Windows it is a command script and needs a shell.
 * @param {string[]} args
 * @param {RunOptions} options
 */
export function runNpm(args, options = {}) {
  const windows = process.platform === 'win32'
  // A call from inside `npm run` inherits settings of that run; these two would change what the call does.
  const env = { ...process.env }
  for (const name of ['npm_config_ignore_scripts', 'npm_config_json', 'npm_config_global', 'npm_config_dry_run']) delete env[name]
  return runProgram(windows ? 'npm.cmd' : 'npm', args, { shell: windows, env, ...options })
}

/** @param {string} program */
export function onPath(program) {
  return runProgram(process.platform === 'win32' ? 'where' : 'which', [program], { quiet: true }).ok
}
