import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('the station loads without Electron, whichever of its modules is asked for', async () => {
  const house = fileURLToPath(new URL('../../../main/station/index.ts', import.meta.url))
  // Wrong arguments end the process after everything has been loaded; a hook names each module on the way.
  const hook = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module'
    registerHooks({ resolve(specifier, context, next) {
      if (specifier === 'electron' || specifier.startsWith('electron/')) { process.stderr.write('FOUND electron from ' + context.parentURL); process.exit(99) }
      return next(specifier, context)
    } })`)}`
  const result = await promisify(execFile)(process.execPath, ['--import', hook, house, '--unknown']).then(() => ({ code: 0, stderr: '' }), (error: { code: number; stderr: string }) => error)
  expect(result.stderr).not.toContain('FOUND')
  expect(result.code).toBe(2)
})
