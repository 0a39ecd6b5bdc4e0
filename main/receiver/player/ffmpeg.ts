import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { RATE_HZ } from '#common/units/samples.ts'

/** The only place of the radio that knows ffmpeg. */
export function findFfmpeg(): string {
  const chosen = process.env['VANGXA_FFMPEG']
  if (chosen !== undefined && existsSync(chosen)) return chosen
  try {
    const packaged: unknown = createRequire(import.meta.url)('ffmpeg-static')
    if (typeof packaged === 'string' && existsSync(packaged)) return packaged
  } catch {
    // Optional dependency: its download may have failed.
  }
  return 'ffmpeg'
}

/** Decodes the first sound stream of a file to raw 16-bit mono at 48 kHz. Codec delay and end padding are taken off by the demuxer. */
export function decodeFile(source: string, target: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(findFfmpeg(), ['-hide_banner', '-v', 'error', '-nostdin', '-y', '-i', source, '-map', '0:a:0', '-vn', '-ac', '1', '-ar', String(RATE_HZ), '-c:a', 'pcm_s16le', '-f', 's16le', target], { stdio: ['ignore', 'ignore', 'pipe'], signal })
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => {
      if (errors.length < 2000) errors += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`ffmpeg ended with ${code}: ${errors.trim().slice(0, 300)}`))
    })
  })
}
