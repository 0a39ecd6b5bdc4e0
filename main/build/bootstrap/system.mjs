import { existsSync, readFileSync } from 'node:fs'
import { Hindrance, onPath, runProgram, say } from './say.mjs'

/**
 * System libraries the studio needs on Debian and Ubuntu. An entry with `|` lists the names of the same library in different releases.
 * Electron: GTK, NSS, ALSA, GBM … ; no display: Xvfb; sound: ffmpeg; the external broker of the tests: mosquitto; Vietnamese letters: fonts.
 */
const wanted = [
  'libgtk-3-0|libgtk-3-0t64', 'libnss3', 'libasound2|libasound2t64', 'libgbm1', 'libdrm2', 'libxss1', 'libxtst6', 'libxkbcommon0',
  'libatspi2.0-0|libatspi2.0-0t64', 'libnotify4', 'xvfb', 'xauth', 'dbus', 'ffmpeg', 'mosquitto', 'fonts-noto-core', 'fonts-dejavu-core', 'ca-certificates',
]

function installedPackages() {
  const names = wanted.flatMap((entry) => entry.split('|'))
  const query = runProgram('dpkg-query', ['-W', '-f=${Package} ${db:Status-Status}\n', ...names], { quiet: true })
  return new Set(query.stdout.split('\n').filter((line) => line.endsWith(' installed')).map((line) => line.split(' ')[0]))
}

function missingEntries() {
  const installed = installedPackages()
  return wanted.filter((entry) => !entry.split('|').some((name) => installed.has(name)))
}

/**
 * Of the names of one library, the one this release knows.
 * @param {string} entry
 * @returns {string}
 */
function nameHere(entry) {
  const names = entry.split('|')
  if (names.length === 1) return entry
  return names.find((name) => /Candidate: [^(]/.test(runProgram('apt-cache', ['policy', name], { quiet: true, env: { ...process.env, LC_ALL: 'C' } }).stdout)) ?? entry
}

function isDebian() {
  if (process.platform !== 'linux' || !existsSync('/etc/os-release') || !onPath('dpkg-query')) return false
  return /^(ID|ID_LIKE)=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))
}

/**
 * Installs what is missing where it can, else says the exact command. Nothing is asked of apt when all is there.
 * @param {{ needsWindow: boolean }} options needsWindow: false for what runs without Electron; a missing window library is then said, but stops nothing
 */
export function ensureSystemLibraries({ needsWindow }) {
  if (!isDebian()) {
    if (process.platform === 'linux' && !onPath('ffmpeg')) say('ffmpeg is not on PATH; install it with the package manager of this system, together with GTK 3, NSS, ALSA and Xvfb')
    return
  }
  const missing = missingEntries()
  if (missing.length === 0) return
  const root = process.getuid?.() === 0
  if (!root) {
    say('system libraries are missing; install them with:')
    say(`  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.map(nameHere).join(' ')}`)
    // Only what Electron cannot start without stops here; the rest is needed later, or not on this computer at all.
    const vital = missing.filter((entry) => /^lib(gtk|nss|asound|gbm)/.test(entry))
    if (needsWindow && vital.length > 0) throw new Hindrance('the window cannot open without these libraries')
    return
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  say(`installing ${missing.length} system packages: ${missing.map((entry) => entry.split('|')[0]).join(' ')}`)
  const update = runProgram('apt-get', ['update', '-qq'], { env })
  if (!update.ok) say('apt-get update did not succeed; trying with the lists already here')
  const names = missing.map(nameHere)
  const options = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=300']
  const install = runProgram('apt-get', [...options, ...names], { env, quiet: true })
  const still = missingEntries()
  if (still.length > 0) {
    console.error(`${install.stdout}\n${install.stderr}`.trim().split('\n').slice(-15).join('\n'))
    throw new Hindrance(`these system packages could not be installed: ${still.join(' ')}\n  try: apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')}`)
  }
}
