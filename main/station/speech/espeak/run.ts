import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { stat, unlink } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { AppError } from '#contract/errors.ts'

/** The one place that knows where the program is; packaging puts it outside the archive. */
const programUrl = new URL('./program.ts', import.meta.url)
const WAV_HEADER_BYTES = 44
const LIMIT_MS = 150_000
/** Words per minute at speed 1: slower than eSpeak's default, loudspeakers echo across fields. */
const NORMAL_RATE = 150

/** Speaks into `target` (22 050 Hz WAV). @throws AppError speech-failed, cancelled */
export async function runEspeak(text: string, target: string, options: { voice: string; speed: number; signal: AbortSignal }): Promise<void> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(LIMIT_MS)])
  const child = spawn(process.execPath, [fileURLToPath(programUrl), options.voice, String(Math.round(NORMAL_RATE * options.speed))], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, NODE_NO_WARNINGS: '1' } })
  const stop = () => child.kill('SIGKILL')
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { said = (said + chunk).slice(-2_000) })
  child.stdin.on('error', () => undefined)
  child.stdin.end(text)
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  try {
    const [code] = await Promise.all([ended, pipeline(child.stdout, createWriteStream(target, { mode: 0o600 }))])
    if (signal.aborted) throw new Error('stopped')
    if (code !== 0 || (await stat(target)).size <= WAV_HEADER_BYTES) throw new Error(said.trim() || `ended with ${code}`)
  } catch (error) {
    await unlink(target).catch(() => undefined)
    if (options.signal.aborted) throw new AppError('cancelled', { cause: error })
    throw new AppError('speech-failed', { cause: error, data: { provider: 'espeak' } })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
