/**
 * `npm run dist [-- --win | --linux | --dir] [--electron-dist FOLDER]`: builds and packs the application with electron-builder.
 * `--dir` makes an unpacked application and needs nothing from the network when an Electron is given or installed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { say } from './bootstrap/say.mjs'
import { buildApplication } from './build.ts'
import { installedOfficial } from './electron/runtime.ts'
import { writeStationTree } from './station-tree.ts'
import { root } from './vite-configs.ts'

const { values } = parseArgs({
  options: { win: { type: 'boolean' }, linux: { type: 'boolean' }, mac: { type: 'boolean' }, dir: { type: 'boolean' }, 'electron-dist': { type: 'string' } },
  strict: true,
})

await buildApplication()
say(`station: ${writeStationTree(join(root, 'out', 'station'))} files as JavaScript`)

// The substitute runtime of development is never packed by itself: it is older than what the station needs.
const dist = values['electron-dist'] ?? installedOfficial()?.folder
if (values['electron-dist'] !== undefined && !existsSync(values['electron-dist'])) throw new Error(`no such folder: ${values['electron-dist']}`)
const targets = [values.win && '--win', values.linux && '--linux', values.mac && '--mac', values.dir && '--dir'].filter((word) => typeof word === 'string')
const args = [join(root, 'node_modules', 'electron-builder', 'cli.js'), ...targets, '--publish', 'never', ...(dist === undefined ? [] : [`-c.electronDist=${dist}`])]
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
