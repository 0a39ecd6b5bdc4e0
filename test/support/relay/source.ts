import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ffmpegMake, silence, sine, writeWav } from '../signals.ts'
import { within } from '../waiting.ts'

/** Pitch of what the station sends, Hz, and its peak. */
export const SOURCE_HZ = 440
const SOURCE_DBFS = -12
const KBPS = 128

/** A station that sends an MP3, as a process of its own: it can be killed, frozen, fall silent and come back at the same address. */
export interface RelaySourceProcess extends AsyncDisposable {
  readonly url: string
  kill(): Promise<void>
  /** Keeps its connections and sends nothing. */
  freeze(): void
  thaw(): void
  send(what: 'sound' | 'silence'): void
  /** Again, at the same address. */
  start(): Promise<void>
}

export async function startRelaySource(folder: string): Promise<RelaySourceProcess> {
  const [sound, quiet] = await Promise.all([mp3(folder, 'tone', sine({ hz: SOURCE_HZ, dbfs: SOURCE_DBFS, seconds: 20, channels: 2 })), mp3(folder, 'silence', silence(20, 2))])
  let child: ChildProcess | null = null
  let port = 0
  async function start(): Promise<void> {
    const started = spawn(process.execPath, [fileURLToPath(new URL('./source-process.ts', import.meta.url)), String(port), sound, quiet, String(KBPS * 125)], { stdio: ['pipe', 'pipe', 'inherit'] })
    child = started
    const said: unknown[] = await within(once(started.stdout, 'data'), 20_000, 'the source to listen')
    port = Number(/listening (\d+)/.exec(String(said[0]))?.[1] ?? 0)
  }
  async function kill(): Promise<void> {
    const one = child
    child = null
    if (one === null || one.exitCode !== null || one.signalCode !== null) return
    const gone = once(one, 'exit')
    one.kill('SIGKILL')
    await gone
  }
  await start()
  return {
    url: `http://127.0.0.1:${port}/dai-tinh.mp3`,
    start, kill,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    send: (what) => void child?.stdin?.write(`${what}\n`),
    [Symbol.asyncDispose]: kill,
  }
}

async function mp3(folder: string, name: string, signal: ReturnType<typeof sine>): Promise<string> {
  const wav = await writeWav(join(folder, `source-${name}.wav`), signal)
  const path = join(folder, `source-${name}.mp3`)
  await ffmpegMake('-i', wav, '-c:a', 'libmp3lame', '-b:a', `${KBPS}k`, '-write_xing', '0', '-id3v2_version', '0', path)
  return path
}
