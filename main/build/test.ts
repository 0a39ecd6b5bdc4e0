/**
 * `npm test`: every check of the project, one after the other, with a summary per part and `N passed, N failed` as the last line.
 * `npm test -- types unit` runs some parts only. A part with tests in its folder that runs none has failed.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { say } from './bootstrap/say.mjs'
import { openDisplay } from './display.ts'
import { resolveElectron } from './electron/runtime.ts'
import { buildApplication } from './build.ts'
import { checkImports, checkLint, checkTypes } from './test-static.ts'
import { root } from './vite-configs.ts'
import { type Part, type PartResult, runPlaywright, runVitest } from './test-runners.ts'

async function buildPart(): Promise<PartResult> {
  await buildApplication()
  return { passed: 1, failed: 0, notes: [] }
}

/** Pages first, two windows at a time, each on a display of its own; then what is heard and timed, alone. */
async function endToEnd(): Promise<PartResult> {
  const electron = await resolveElectron()
  const displays = [await openDisplay()]
  try {
    const [own] = displays
    const isOwn = own?.env['DISPLAY'] !== undefined
    if (isOwn) displays.push(await openDisplay())
    // Some sixty stations are started from the same sources: what Node made of them is kept.
    const env = { ...process.env, NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/tests'), ELECTRON_OVERRIDE_DIST_PATH: electron.folder, VANGXA_NODE: process.execPath, ...own?.env, VANGXA_DISPLAYS: displays.map((display) => display.env['DISPLAY']).join(' ') }
    const pages = await runPlaywright('pages', env)
    const timed = await runPlaywright('timed', env)
    return { passed: pages.passed + timed.passed, failed: pages.failed + timed.failed, notes: [...pages.notes, ...timed.notes] }
  } finally {
    for (const display of displays) display.close()
  }
}

const parts: readonly Part[] = [
  { name: 'types', run: checkTypes },
  { name: 'lint', run: checkLint },
  { name: 'imports', run: checkImports },
  { name: 'unit', run: () => runVitest('test/unit') },
  { name: 'build', run: buildPart },
  { name: 'integration', run: () => runVitest('test/integration', { secondTry: true }) },
  { name: 'e2e', run: endToEnd },
]

async function runPart(part: Part): Promise<PartResult & { seconds: number }> {
  console.log(`\n── ${part.name} ${'─'.repeat(Math.max(3, 70 - part.name.length))}`)
  const started = Date.now()
  let result: PartResult
  try {
    result = await part.run()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    result = { passed: 0, failed: 1, notes: ['could not run'] }
  }
  return { ...result, seconds: (Date.now() - started) / 1000 }
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name))
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are: ${parts.map((part) => part.name).join(', ')}`)
  process.exit(2)
}
if (!existsSync('package-lock.json')) throw new Error('run from the folder of the project')

const rows: string[] = []
let passed = 0
let failed = 0
for (const part of parts) {
  if (wanted.length > 0 && !wanted.includes(part.name)) continue
  const result = await runPart(part)
  passed += result.passed
  failed += result.failed
  const notes = result.notes.length === 0 ? '' : `  (${result.notes.join('; ')})`
  rows.push(`${part.name.padEnd(12)} ${result.failed === 0 ? 'ok    ' : 'FAILED'} ${String(result.passed).padStart(5)} passed ${String(result.failed).padStart(4)} failed ${result.seconds.toFixed(1).padStart(7)} s${notes}`)
}
console.log('')
for (const row of rows) say(row)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
