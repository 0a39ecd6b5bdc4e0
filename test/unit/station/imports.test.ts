import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const moduleOf = (name: string): string => new URL(`../../../main/station/${name}.ts`, import.meta.url).href

/** What the modules bring in, in the order they are asked for; a hook names each. */
async function broughtInBy(names: readonly string[]): Promise<string[]> {
  const hook = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module'
    registerHooks({ resolve(specifier, context, next) {
      const found = next(specifier, context)
      process.stdout.write('\\n' + specifier + ' ' + found.url)
      return found
    } })`)}`
  const { stdout } = await run(process.execPath, ['--import', hook, '--input-type=module', '--eval', `for (const one of ${JSON.stringify(names.map(moduleOf))}) await import(one); process.exit()`], { maxBuffer: 10_000_000 })
  return stdout.split('\n').filter((line) => line !== '')
}

it('the station loads without Electron, whichever of its modules is asked for', async () => {
  const modules = await broughtInBy(['air/thread', 'process', 'house', 'rooms'])
  expect(modules.length).toBeGreaterThan(400)
  expect(modules.filter((line) => /^electron( |\/)/.test(line))).toEqual([])
})

it('loads none of its rooms before the air sounds', async () => {
  const modules = await broughtInBy(['process'])
  expect(modules.some((line) => line.includes('/main/station/air/host.ts'))).toBe(true)
  expect(modules.filter((line) => /\/main\/station\/(?!air\/|api\/|foundation\/|store\/guard\.ts|arguments\.ts|process\.ts|context\.ts)/.test(line))).toEqual([])
  expect(modules.filter((line) => /^(ws|mqtt|aedes|exceljs|fluent-ffmpeg|luxon|music-metadata) /.test(line))).toEqual([])
})

it('ends at arguments it does not know', async () => {
  const { code } = await run(process.execPath, [fileURLToPath(moduleOf('index')), '--unknown']).then(() => ({ code: 0 }), (error: { code: number }) => error)
  expect(code).toBe(2)
})
