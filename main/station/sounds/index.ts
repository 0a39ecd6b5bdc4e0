import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { SoundName } from './recipes.ts'

export { sirenNames, soundInfo, soundNames, type SoundName } from './recipes.ts'

const workerUrl = new URL('./worker.ts', import.meta.url)

/** Makes a sound and writes it as 48 kHz 24-bit WAV, in a thread of its own: the long ones take several seconds of one core. */
export async function writeSound(name: SoundName, path: string, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  const worker = new Worker(workerUrl, { workerData: { name, path } })
  const stop = () => void worker.terminate()
  signal?.addEventListener('abort', stop)
  const [code] = await once(worker, 'exit')
  signal?.removeEventListener('abort', stop)
  signal?.throwIfAborted()
  if (code !== 0) throw new Error(`sound ${name} was not written`)
}
