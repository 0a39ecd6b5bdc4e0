import { copyFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeStationTree } from '../../main/build/station-tree.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The station as a package has it, JavaScript file by file: what is measured is what is installed. @returns its program */
export async function packagedStation(): Promise<string> {
  const tree = join(root, 'out', 'packaged-station')
  writeStationTree(tree)
  await copyFile(join(root, 'package.json'), join(tree, 'package.json'))
  await symlink(join(root, 'resources'), join(tree, 'resources'))
  return join(tree, 'main', 'station', 'index.js')
}
