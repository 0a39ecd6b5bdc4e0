/**
 * The one door of every npm script: `node main/build/run.mjs <command> [arguments]`.
 * Promises: on a bare machine with Node >= 20.19 it brings system libraries, dependencies and Node 24 in, then runs the command on Node 24.
 * Relies on: Node built-ins only, until the dependencies are there. Fails: with one plain sentence and exit code 1.
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureDependencies } from './bootstrap/dependencies.mjs'
import { ensureNode24 } from './bootstrap/node24.mjs'
import { Hindrance, say } from './bootstrap/say.mjs'
import { ensureSystemLibraries } from './bootstrap/system.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Node arguments of a command; `bench` and `fault` take the name of a file in their folder.
 * @param {string | undefined} command
 * @param {string[]} args
 */
function programOf(command, args) {
  switch (command) {
    case 'start': return ['main/build/start.ts', ...args]
    case 'test': return ['main/build/test.ts', ...args]
    case 'build': return ['main/build/build.ts', ...args]
    case 'dist': return ['main/build/dist.ts', ...args]
    case 'station': return ['main/station/index.ts', ...args]
    case 'radio': return ['main/receiver/index.ts', ...args]
    case 'demo': return ['main/build/prepared.ts', 'test/support/demo.ts', ...args]
    case 'bench':
    case 'fault': return [namedFile(`test/${command}`, args[0]), ...args.slice(1)]
    default: throw new Hindrance(`unknown command ${command ?? ''}: start, test, build, dist, station, radio, demo, bench, fault`)
  }
}

/**
 * @param {string} folder
 * @param {string | undefined} name
 */
function namedFile(folder, name) {
  const names = existsSync(join(root, folder)) ? readdirSync(join(root, folder)).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3)) : []
  if (name === undefined || !names.includes(name)) throw new Hindrance(`give a name: npm run ${folder.split('/')[1]} -- <name>; there are: ${names.join(', ') || 'none yet'}`)
  return `${folder}/${name}.ts`
}

/**
 * @param {string} node
 * @param {string[]} args
 */
function runOnNode24(node, args) {
  const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}` }
  const child = spawn(node, args, { cwd: root, env, stdio: 'inherit' })
  // Ctrl+C reaches the child through the terminal; a signal sent to this process alone is passed on.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(error))
  child.on('close', (code, signal) => { process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1) })
}

/**
 * @param {unknown} error
 * @returns {never}
 */
function fail(error) {
  console.error(error instanceof Hindrance ? `[studio] stopped: ${error.message}` : error)
  process.exit(1)
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
try {
  if (major < 20 || (major === 20 && minor < 19)) throw new Hindrance(`Node ${process.versions.node} is too old: 20.19 or newer is needed`)
  const [command, ...args] = process.argv.slice(2)
  const started = Date.now()
  ensureSystemLibraries({ needsWindow: ['start', 'test', 'demo'].includes(command ?? '') })
  ensureDependencies(root)
  const node = ensureNode24(root)
  const program = programOf(command, args)
  if (Date.now() - started > 3000) say(`ready after ${Math.round((Date.now() - started) / 1000)} s`)
  runOnNode24(node, program)
} catch (error) {
  fail(error)
}
