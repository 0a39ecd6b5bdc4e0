import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './vite-configs.ts'

export interface PartResult {
  readonly passed: number
  readonly failed: number
  readonly notes: readonly string[]
}

export interface Part {
  readonly name: string
  run(): Promise<PartResult>
}

interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly { readonly status: string; readonly name: string; readonly assertionResults: readonly unknown[] }[]
}

interface PlaywrightReport {
  readonly suites: readonly unknown[]
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number; readonly skipped: number }
  readonly errors: readonly { readonly message?: string }[]
}

function testFiles(folder: string, ending: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending))
}

/** Output goes to the terminal, figures to a file. */
async function runReporting<T>(script: string, args: (report: string) => string[], env: (report: string) => NodeJS.ProcessEnv): Promise<{ code: number; report: T | null }> {
  const folder = mkdtempSync(join(tmpdir(), 'vangxa-test-'))
  const report = join(folder, 'report.json')
  try {
    const code = await new Promise<number>((resolve, reject) => {
      const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args(report)], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: env(report) })
      child.on('error', reject)
      child.on('close', (status) => resolve(status ?? 1))
    })
    return { code, report: existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as T) : null }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A runner that fails although no test did (a crash, an unhandled rejection, no tests found) counts as one failure more. */
function judge(code: number, passed: number, failed: number, notes: string[], files: number): PartResult {
  if (passed + failed === 0 && files > 0) return { passed, failed: 1, notes: [...notes, `${files} files, but no test ran`] }
  if (code !== 0 && failed === 0) return { passed, failed: 1, notes: [...notes, `the runner ended with ${code}`] }
  return { passed, failed, notes }
}

/** `secondTry`: parts that drive real programs against the clock may repeat a failed test once; on a busy machine a window opens late without anything being wrong. */
export async function runVitest(folder: string, options: { secondTry?: boolean } = {}): Promise<PartResult> {
  const files = testFiles(folder, '.test.ts').length
  if (files === 0) return { passed: 0, failed: 0, notes: ['no tests yet'] }
  const { code, report } = await runReporting<VitestReport>(
    'vitest/vitest.mjs',
    (file) => ['run', '--config', 'main/build/vitest.config.ts', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...(options.secondTry === true ? ['--retry=1'] : []), folder],
    () => process.env,
  )
  if (report === null) return { passed: 0, failed: 1, notes: [`the runner ended with ${code} and left no report`] }
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  const notes = [`${files} files`, ...(broken > 0 ? [`${broken} files could not be loaded`] : []), ...(report.numPendingTests > 0 ? [`${report.numPendingTests} skipped`] : [])]
  return judge(code, report.numPassedTests, report.numFailedTests + broken, notes, files)
}

/** @param project of the Playwright configuration: only its files count */
export async function runPlaywright(project: string, env: NodeJS.ProcessEnv): Promise<PartResult> {
  if (testFiles('test/e2e', '.e2e.ts').length === 0) return { passed: 0, failed: 0, notes: ['no tests yet'] }
  const { code, report } = await runReporting<PlaywrightReport>(
    '@playwright/test/cli.js',
    () => ['test', '--config', 'main/build/playwright.config.ts', '--project', project, '--reporter=list,json'],
    (file) => ({ ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file, PLAYWRIGHT_JSON_OUTPUT_FILE: file }),
  )
  if (report === null) return { passed: 0, failed: 1, notes: [`the runner ended with ${code} and left no report`] }
  const { expected, unexpected, flaky, skipped } = report.stats
  const files = report.suites.length
  for (const error of report.errors) console.error(error.message ?? 'an error without a message')
  const notes = [`${project}: ${files} files`, ...(flaky > 0 ? [`${flaky} only at the second try`] : []), ...(skipped > 0 ? [`${skipped} skipped`] : [])]
  return judge(code, expected + flaky, unexpected, notes, Math.max(1, files))
}
