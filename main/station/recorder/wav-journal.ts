import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { TAKE_HEADER_BYTES, bytesPerTakeFrame, encodeTakeHeader } from './wav-header.ts'

const HEADER_EVERY_MS = 5_000

export interface JournalClock {
  monotonicMs(): number
}

/** Append-only WAV on disk. Everything handed over before a `sync` that resolves is durable, whatever happens afterwards. */
export interface WavJournal {
  readonly path: string
  /** Rejects when the file could not be made; what was handed over before is refused too. */
  readonly opened: Promise<void>
  /** Frames handed over (queued or written). */
  readonly frames: number
  readonly durableFrames: number
  /** Milliseconds the oldest queued write has waited; 0 when nothing waits. */
  readonly lagMs: number
  /** The error that stopped this journal; after it nothing more is taken. */
  readonly failure: Error | null
  append(pcm24: Uint8Array): void
  appendSilence(frames: number): void
  /** Writes what is queued and flushes it to the disk. Rejects with the failure. */
  sync(): Promise<number>
  /** Final sync, true sizes in the header, whole frames only, at most `keepFrames`. Never rejects: what is durable stays, the failure is told. */
  close(keepFrames?: number): Promise<{ frames: number; failure: Error | null }>
}

type Part = { readonly bytes: Uint8Array; readonly since: number } | { readonly silentFrames: number; readonly since: number }

export async function openWavJournal(path: string, channels: number, clock: JournalClock, openFile: typeof open = open): Promise<WavJournal> {
  const journal = createWavJournal(path, channels, clock, openFile)
  await journal.opened
  return journal
}

/** Takes sound at once, while its file is still being made: a take that goes on in a new part must not wait for a disk. */
export function createWavJournal(path: string, channels: number, clock: JournalClock, openFile: typeof open = open): WavJournal {
  const frameBytes = bytesPerTakeFrame(channels)
  const queue: Part[] = []
  let made: FileHandle | null = null
  let handedBytes = 0
  let writtenBytes = 0
  let durableBytes = 0
  let headerAt = clock.monotonicMs()
  let failure: Error | null = null
  let closed = false
  let turn: Promise<unknown> = Promise.resolve()
  let draining = false

  /** One thing at a time touches the file. */
  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const next = turn.then(run, run)
    turn = next.catch(() => undefined)
    return next
  }

  async function make(): Promise<void> {
    try {
      made = await openFile(path, 'wx', 0o600)
      await writeFully(made, encodeTakeHeader(channels, 0), 0)
      await made.datasync()
      await syncFolder(dirname(path))
    } catch (error) {
      fail(error)
      await made?.close().catch(() => undefined)
      made = null
      throw error
    }
  }

  function theFile(): FileHandle {
    if (made === null) throw failure ?? new Error('the take has no file')
    return made
  }

  async function put(bytes: Uint8Array): Promise<void> {
    const file = theFile()
    let done = 0
    while (done < bytes.length) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, TAKE_HEADER_BYTES + writtenBytes)
      if (bytesWritten === 0) throw new Error('the disk took no bytes')
      done += bytesWritten
      writtenBytes += bytesWritten
    }
  }

  /** A longer file reads as zeros: an hour of silence costs no hour of writing. */
  async function putSilence(frames: number): Promise<void> {
    await theFile().truncate(TAKE_HEADER_BYTES + writtenBytes + frames * frameBytes)
    writtenBytes += frames * frameBytes
  }

  async function drain(): Promise<void> {
    try {
      for (let part = queue[0]; part !== undefined && failure === null; part = queue[0]) {
        if ('bytes' in part) await put(part.bytes)
        else await putSilence(part.silentFrames)
        queue.shift()
      }
    } catch (error) {
      fail(error)
    } finally {
      draining = false
    }
  }

  function fail(error: unknown): void {
    failure ??= error instanceof Error ? error : new Error(String(error))
    queue.length = 0
  }

  function enqueue(part: Part, bytes: number): void {
    if (failure !== null || closed) return
    queue.push(part)
    handedBytes += bytes
    if (draining) return
    draining = true
    void inTurn(drain)
  }

  async function flush(): Promise<number> {
    await drain()
    if (failure !== null) throw failure
    const reached = writtenBytes
    try {
      const file = theFile()
      await file.datasync()
      durableBytes = reached
      if (clock.monotonicMs() - headerAt >= HEADER_EVERY_MS) {
        // After the data, so that the sizes never promise more than the disk holds.
        await writeFully(file, encodeTakeHeader(channels, wholeBytes(durableBytes)), 0)
        headerAt = clock.monotonicMs()
      }
    } catch (error) {
      fail(error)
      throw failure ?? error
    }
    return durableBytes / frameBytes
  }

  function wholeBytes(bytes: number): number {
    return bytes - (bytes % frameBytes)
  }

  async function finish(keepFrames: number): Promise<{ frames: number; failure: Error | null }> {
    if (!closed) {
      closed = true
      await flush().catch(fail)
      const file = made
      if (file === null) return { frames: 0, failure }
      const kept = Math.min(wholeBytes(writtenBytes), keepFrames * frameBytes)
      try {
        // The pad byte of an odd data chunk comes from the truncation itself.
        await file.truncate(TAKE_HEADER_BYTES + kept + (kept % 2))
        await writeFully(file, encodeTakeHeader(channels, kept), 0)
        await file.datasync()
        durableBytes = kept
      } catch (error) {
        fail(error)
        // Some file systems want room even to write the sizes anew. The sound is there; the next start repairs the header.
        await file.datasync().then(() => { durableBytes = kept }, fail)
      }
      await file.close().catch(fail)
    }
    return { frames: wholeBytes(durableBytes) / frameBytes, failure }
  }

  const opened = inTurn(make)
  // Who does not wait for it hears of a failure from `sync` and `close`.
  opened.catch(() => undefined)
  return {
    path,
    opened,
    get frames() { return handedBytes / frameBytes },
    get durableFrames() { return wholeBytes(durableBytes) / frameBytes },
    get lagMs() { return queue[0] === undefined ? 0 : clock.monotonicMs() - queue[0].since },
    get failure() { return failure },
    append(pcm24) { enqueue({ bytes: pcm24, since: clock.monotonicMs() }, pcm24.length) },
    appendSilence(frames) { if (frames > 0) enqueue({ silentFrames: frames, since: clock.monotonicMs() }, frames * frameBytes) },
    sync: () => inTurn(flush),
    close: (keepFrames = Infinity) => inTurn(() => finish(keepFrames)),
  }
}

async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    if (bytesWritten === 0) throw new Error('the disk took no bytes')
    done += bytesWritten
  }
}

/** Makes the name itself survive a power cut. Windows has no such call for folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
