import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './vite-configs.ts'
import type { PartResult } from './test-runners.ts'

interface Outcome {
  readonly ok: boolean
  readonly output: string
}

/** Runs a tool of node_modules on this Node. */
function runTool(script: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => { output += bytes.toString('utf8') })
    child.on('error', (error) => resolve({ ok: false, output: error.message }))
    child.on('close', (code) => resolve({ ok: code === 0, output: output.trim() }))
  })
}

/** Every tsconfig.json of our own folders: a new one is checked without being listed. */
function typeProjects(): string[] {
  const found: string[] = []
  const look = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name !== 'node_modules') look(`${folder}/${entry.name}`)
      else if (entry.name === 'tsconfig.json') found.push(folder)
    }
  }
  for (const folder of ['preload', 'main', 'renderer', 'test']) look(folder)
  return found
}

/** Two compilers at a time: as many as the smallest machine has cores. */
export async function checkTypes(): Promise<PartResult> {
  const waiting = typeProjects()
  const total = waiting.length
  let failed = 0
  const work = async (): Promise<void> => {
    for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
      const { ok, output } = await runTool('typescript/bin/tsc', ['-p', project, '--pretty', 'false'])
      console.log(`${ok ? 'ok    ' : 'FAILED'} ${project}${output === '' ? '' : `\n${output}`}`)
      if (!ok) failed += 1
    }
  }
  await Promise.all([work(), work()])
  return failed === 0 ? { passed: 1, failed: 0, notes: [`${total} projects`] } : { passed: 0, failed: 1, notes: [`${failed} of ${total} projects`] }
}

export async function checkLint(): Promise<PartResult> {
  const { ok, output } = await runTool('oxlint/bin/oxlint', ['--config', '.oxlintrc.json'])
  console.log(output)
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, notes: [] }
}

export async function checkImports(): Promise<PartResult> {
  const folders = ['main', 'preload', 'renderer', 'test'].filter((folder) => existsSync(join(root, folder)))
  const { ok, output } = await runTool('dependency-cruiser/bin/dependency-cruise.mjs', ['--config', 'main/build/dependency-cruiser.config.mjs', ...folders])
  console.log(output)
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, notes: [] }
}
