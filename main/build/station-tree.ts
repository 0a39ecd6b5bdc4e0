import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { root } from './vite-configs.ts'

const folders = ['main/station', 'main/receiver', 'preload/common', 'preload/contract']

/** `./x.ts` and `#common/x.ts` in imports and in worker addresses. */
const ownSpecifier = /(['"])((?:\.{1,2}\/|#common\/|#contract\/)[\w./-]+)\.ts\1/g

/**
 * The station and the receiver as JavaScript, file by file in the same folders: a package does not depend on a runtime that strips types, and
 * every path relative to a source file (workers, child programs) stays true. Lines keep their numbers. `more`: folders that are no part of a package.
 */
export function writeStationTree(target: string, more: readonly string[] = []): number {
  rmSync(target, { recursive: true, force: true })
  let count = 0
  for (const folder of [...folders, ...more]) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.endsWith('.d.ts')) continue
      const source = readFileSync(join(root, folder, name), 'utf8')
      const script = stripTypeScriptTypes(source).replace(ownSpecifier, '$1$2.js$1')
      const file = join(target, folder, `${name.slice(0, -3)}.js`)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, script)
      count += 1
    }
  }
  return count
}
