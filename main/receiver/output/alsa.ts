import { spawn } from 'node:child_process'
import { RATE_HZ } from '#common/units/samples.ts'
import type { Sink } from './sink.ts'

/**
 * A sound device through `aplay`, which takes raw samples on its input. It gets 60 ms of silence ahead, so that a late
 * wake-up of the process is not heard. A device that cannot take more is not waited for: the radio keeps its time.
 */
export function openAlsaSink(options: { device: string | null; onGone: (reason: string) => void }): Sink {
  const child = spawn('aplay', ['-q', '-t', 'raw', '-f', 'S16_LE', '-r', String(RATE_HZ), '-c', '1', '--buffer-time=200000', ...(options.device === null ? [] : ['-D', options.device]), '-'], { stdio: ['pipe', 'ignore', 'pipe'] })
  let alive = true
  let errors = ''
  const gone = (reason: string): void => {
    if (!alive) return
    alive = false
    options.onGone(reason)
  }
  child.on('error', (error) => gone(error.message))
  child.on('close', (code) => gone(errors.trim() || `aplay ended with ${code}`))
  child.stderr.on('data', (chunk: Buffer) => {
    if (errors.length < 500) errors += chunk.toString()
  })
  child.stdin.on('error', () => undefined)
  child.stdin.write(Buffer.alloc(RATE_HZ * 2 * 0.06))
  return {
    write(_at, block) {
      if (alive && child.stdin.writableLength < RATE_HZ * 2) child.stdin.write(Buffer.from(block.buffer.slice(block.byteOffset, block.byteOffset + block.byteLength)))
    },
    close() {
      if (!alive) return
      alive = false
      child.stdin.end()
      child.kill()
    },
  }
}
