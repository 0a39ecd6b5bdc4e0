import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { Hindrance, runNpm, runProgram, say } from './say.mjs'

const windows = process.platform === 'win32'

/**
 * Where the npm package `node` keeps its binary.
 * @param {string} root
 */
export function node24Path(root) {
  return join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')
}

/** The npm package that holds the binary for this computer. */
function binaryPackage() {
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'
  const arch = windows && process.arch === 'ia32' ? 'x86' : process.arch
  return `${prefix}-${windows ? 'win' : process.platform}-${arch}`
}

/**
 * Dependencies are installed without scripts, so the binary that the package `node` would fetch in its own install script is fetched
 * here: packed by npm (which checks its integrity), unpacked, put where the package puts it, and linked as node_modules/.bin/node.
 * @param {string} root
 * @returns the path of a Node of exactly the locked version
 */
export function ensureNode24(root) {
  const folder = join(root, 'node_modules', 'node')
  const version = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
  const target = node24Path(root)
  if (!existsSync(target) || runProgram(target, ['--version'], { quiet: true }).stdout.trim() !== `v${version}`) fetchNode(folder, version, target)
  linkBin(root, target)
  return target
}

/**
 * @param {string} folder of the package `node`
 * @param {string} version
 * @param {string} target
 */
function fetchNode(folder, version, target) {
  const name = `${binaryPackage()}@${version}`
  say(`fetching Node ${version} (${name})`)
  mkdirSync(dirname(target), { recursive: true })
  const place = mkdtempSync(join(folder, 'fetch-'))
  try {
    const packed = runNpm(['pack', name, '--pack-destination', place, '--loglevel=error'], { quiet: true, cwd: place })
    const archive = readdirSync(place).find((entry) => entry.endsWith('.tgz'))
    if (!packed.ok || archive === undefined) throw new Hindrance(`Node ${version} could not be fetched (npm pack ${name}):\n${packed.stderr.trim()}`)
    const unpacked = runProgram('tar', ['-xzf', archive], { cwd: place, quiet: true })
    if (!unpacked.ok) throw new Hindrance(`${archive} could not be unpacked: ${unpacked.stderr.trim() || unpacked.error?.message}`)
    const binary = join(place, 'package', 'bin', windows ? 'node.exe' : 'node')
    chmodSync(binary, 0o755)
    const found = runProgram(binary, ['--version'], { quiet: true }).stdout.trim()
    if (found !== `v${version}`) throw new Hindrance(`${name} does not run here (it answered "${found}")`)
    // Rename on the same disk: another start that runs at the same moment sees either nothing or a whole binary.
    renameSync(binary, target)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

/**
 * npm makes this link only when the binary is there while it installs.
 * @param {string} root
 * @param {string} target
 */
function linkBin(root, target) {
  const bin = join(root, 'node_modules', '.bin')
  const link = join(bin, windows ? 'node.exe' : 'node')
  if (existsSync(link)) return
  mkdirSync(bin, { recursive: true })
  rmSync(link, { force: true })
  if (windows) {
    copyFileSync(target, link)
    writeFileSync(join(bin, 'node.cmd'), `@"%~dp0node.exe" %*\r\n`)
  } else {
    symlinkSync(relative(bin, target), link)
  }
}
