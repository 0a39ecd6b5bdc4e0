import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import { say } from './bootstrap/say.mjs'
import { type BuildPart, buildParts, hasEntry, root } from './vite-configs.ts'

const stampsFolder = join(root, 'out', 'stamps')

function addFolder(hash: ReturnType<typeof createHash>, path: string): void {
  const full = join(root, path)
  if (!existsSync(full)) return
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).sort()) addFolder(hash, `${path}/${name}`)
    return
  }
  hash.update(`${path}\0`)
  hash.update(readFileSync(full))
}

/** Content, not file times: a fresh checkout or a branch and back builds nothing twice. */
function stampOf(part: BuildPart): string {
  const hash = createHash('sha256')
  for (const path of [...part.sources, 'main/build/vite-configs.ts', 'package.json', 'package-lock.json']) addFolder(hash, path)
  return hash.digest('hex')
}

/** Built beside its place and moved in: a page that is open, a test or a second start never sees a half-made one. */
async function buildPart(part: BuildPart): Promise<void> {
  const place = mkdtempSync(join(root, 'out', 'building-'))
  const target = join(root, part.folder)
  try {
    await build(part.config(join(place, 'new')))
    mkdirSync(dirname(target), { recursive: true })
    if (existsSync(target)) renameSync(target, join(place, 'old'))
    renameSync(join(place, 'new'), target)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

/** Builds the parts whose sources changed. A part without an entry is left out. */
export async function buildApplication(): Promise<void> {
  mkdirSync(stampsFolder, { recursive: true })
  for (const part of buildParts) {
    if (!hasEntry(part)) {
      say(`${part.name}: no ${part.entry}, left out`)
      continue
    }
    const stampFile = join(stampsFolder, part.name)
    const stamp = stampOf(part)
    if (existsSync(join(root, part.folder, part.result)) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) continue
    rmSync(stampFile, { force: true })
    const started = Date.now()
    await buildPart(part)
    writeFileSync(stampFile, stamp)
    say(`built ${part.name} in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  }
}

if (import.meta.main) {
  try {
    await buildApplication()
  } catch (error) {
    // The bundler's message names file, line and reason; its own stack tells nothing more.
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
