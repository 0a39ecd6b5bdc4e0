import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { open, rename, stat } from 'node:fs/promises'
import { decodeFile } from './ffmpeg.ts'

/** Decoded sound on disk: raw 16-bit mono 48 kHz, one file per content address, so a radio plays by sample and not by packet. */
export interface DecodedSound {
  readonly sha256: string
  readonly path: string
  readonly length: number
}

export interface PcmLibrary {
  /** Already decoded, without waiting. */
  ready(sha256: string): DecodedSound | null
  /** Decodes once, whoever asks; urgent requests go first. The file must have been checked against its hash by the caller. */
  decode(sha256: string, source: string, urgent?: boolean): Promise<DecodedSound>
  /** Frees decoded sound nobody will need soon, oldest first, until below the budget. */
  trim(keep: ReadonlySet<string>): void
  close(): Promise<void>
}

interface Waiting {
  readonly sha256: string
  readonly source: string
  urgent: boolean
  readonly resolve: (sound: DecodedSound) => void
  readonly reject: (error: unknown) => void
}

export function openPcmLibrary(folder: string, options: { budgetBytes: number }): PcmLibrary {
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) if (!name.endsWith('.pcm')) rmSync(`${folder}/${name}`, { force: true })
  const stopped = new AbortController()
  const running = new Map<string, { promise: Promise<DecodedSound>; waiting: Waiting }>()
  const queue: Waiting[] = []
  const active = new Set<Promise<void>>()
  let counter = 0
  const path = (sha256: string): string => `${folder}/${sha256}.pcm`

  const ready = (sha256: string): DecodedSound | null => {
    const file = path(sha256)
    if (!existsSync(file)) return null
    return { sha256, path: file, length: Math.floor(statSync(file).size / 2) }
  }

  async function work(one: Waiting): Promise<void> {
    // Two radios of one process may share the folder: the temporary name carries the process and a counter.
    const temp = `${path(one.sha256)}.${process.pid}.${++counter}.part`
    try {
      await decodeFile(one.source, temp, stopped.signal)
      const size = (await stat(temp)).size
      if (size < 2) throw new Error('no sound in file')
      const handle = await open(temp, 'r+')
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(temp, path(one.sha256))
      one.resolve({ sha256: one.sha256, path: path(one.sha256), length: Math.floor(size / 2) })
    } catch (error) {
      rmSync(temp, { force: true })
      one.reject(error)
    } finally {
      running.delete(one.sha256)
    }
  }

  function pump(): void {
    // One decoder at a time leaves the other core to the sound; an urgent one (siren) may run beside it.
    while (queue.length > 0 && !stopped.signal.aborted) {
      queue.sort((a, b) => Number(b.urgent) - Number(a.urgent))
      const next = queue[0]
      if (next === undefined || active.size >= (next.urgent ? 2 : 1)) return
      queue.shift()
      const job = work(next).finally(() => {
        active.delete(job)
        pump()
      })
      active.add(job)
    }
  }

  return {
    ready,
    decode(sha256, source, urgent = false) {
      const known = ready(sha256)
      if (known !== null) {
        const now = new Date()
        utimesSync(known.path, now, now)
        return Promise.resolve(known)
      }
      const already = running.get(sha256)
      if (already !== undefined) {
        already.waiting.urgent ||= urgent
        pump()
        return already.promise
      }
      const promise = new Promise<DecodedSound>((resolve, reject) => queue.push({ sha256, source, urgent, resolve, reject }))
      const waiting = queue.at(-1)
      if (waiting !== undefined) running.set(sha256, { promise, waiting })
      pump()
      return promise
    },
    trim(keep) {
      const files = readdirSync(folder)
        .filter((name) => name.endsWith('.pcm'))
        .map((name) => ({ name, stat: statSync(`${folder}/${name}`) }))
        .sort((a, b) => a.stat.mtimeMs - b.stat.mtimeMs)
      let total = files.reduce((sum, file) => sum + file.stat.size, 0)
      for (const file of files) {
        if (total <= options.budgetBytes) return
        if (keep.has(file.name.slice(0, -4))) continue
        rmSync(`${folder}/${file.name}`, { force: true })
        total -= file.stat.size
      }
    },
    async close() {
      stopped.abort()
      for (const waiting of queue.splice(0)) {
        running.delete(waiting.sha256)
        waiting.reject(new Error('closed'))
      }
      await Promise.allSettled(active)
    },
  }
}
