import { accessSync, constants, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

export type BinarySource = 'setting' | 'packaged' | 'ffmpeg-static' | 'path'
export interface Candidate {
  readonly path: string
  readonly source: BinarySource
}

const executable = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The optional npm package downloads its binary at install, which may have failed: then it is simply not a candidate. */
function staticBinary(): string | null {
  try {
    const path: unknown = createRequire(import.meta.url)('ffmpeg-static')
    return typeof path === 'string' ? path.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked') : null
  } catch {
    return null
  }
}

/** Setting → packaged copy → ffmpeg-static → PATH; only files that can be executed. A wrong setting does not silence the air: the next one serves. */
export function candidates(setting: string | null, environment: NodeJS.ProcessEnv = process.env): Candidate[] {
  const resources: unknown = Reflect.get(process, 'resourcesPath')
  const found: Candidate[] = []
  const add = (path: string | null, source: BinarySource) => {
    if (path !== null && path !== '' && runnable(path)) found.push({ path, source })
  }
  add(setting, 'setting')
  if (typeof resources === 'string') add(join(resources, 'ffmpeg', executable), 'packaged')
  add(staticBinary(), 'ffmpeg-static')
  for (const folder of (environment['PATH'] ?? '').split(delimiter)) if (folder !== '') add(join(folder, executable), 'path')
  return found
}
