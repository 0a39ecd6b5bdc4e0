import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Hindrance, onPath, runNpm, runProgram, say } from './say.mjs'

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, peer?: boolean }>}
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
}

/**
 * Compares the lock with what npm noted it installed: versions, not file times, so that a checkout, a copied tree or an
 * `npm install` by hand is judged by what is there. Entries npm left out for this platform are optional ones.
 * @param {string} root
 */
function isInstalled(root) {
  const noted = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(noted)) return false
  const here = packagesOf(noted)
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(([path, entry]) => {
    if (path === '') return true
    const found = here[path]
    return found === undefined ? entry.optional === true || entry.peer === true : found.version === entry.version
  })
}

/**
 * Without install scripts: the native modules used here ship their binaries inside their packages, and npm would otherwise call
 * a compiler for each that has a binding.gyp. What a script is really needed for is done by hand below and in node24.mjs.
 * @param {string} root
 */
function install(root) {
  say('installing dependencies (npm ci)')
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--no-progress']
  if (runNpm(args, { cwd: root }).ok) return
  say('npm ci did not succeed; trying once more')
  if (!runNpm(args, { cwd: root }).ok) throw new Hindrance('the dependencies could not be installed: is a package registry reachable? (npm config get registry)')
}

/**
 * Only where the system has no ffmpeg. Its download comes from outside the registry and may be refused: then the person is told.
 * @param {string} root
 */
function tryFfmpegStatic(root) {
  const folder = join(root, 'node_modules', 'ffmpeg-static')
  if (onPath('ffmpeg') || !existsSync(join(folder, 'install.js'))) return
  if (existsSync(join(folder, process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'))) return
  const refused = join(folder, 'download-refused')
  if (!existsSync(refused)) {
    say('no ffmpeg on PATH: fetching ffmpeg-static')
    if (runProgram(process.execPath, ['install.js'], { cwd: folder, quiet: true, timeout: 120_000 }).ok) return
    writeFileSync(refused, new Date().toISOString())
  }
  say('ffmpeg is missing: install it (apt-get install ffmpeg, or https://ffmpeg.org) or name it in the settings')
}

/** @param {string} root */
export function ensureDependencies(root) {
  if (!isInstalled(root)) install(root)
  tryFfmpegStatic(root)
}
