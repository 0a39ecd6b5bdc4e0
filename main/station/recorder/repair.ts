import { open, type FileHandle } from 'node:fs/promises'
import { TAKE_HEADER_BYTES, bytesPerTakeFrame, decodeTakeHeader, encodeTakeHeader } from './wav-header.ts'

export type Repair =
  | { readonly kind: 'repaired'; readonly frames: number; readonly channels: number }
  /** No sample frame in it. */
  | { readonly kind: 'empty' }
  /** Neither its head nor a sidecar tells how to read it. */
  | { readonly kind: 'unreadable' }

/**
 * Makes an unfinished take a true WAV: payload = what the disk holds after the header, whole frames only.
 * @param knownChannels from the sidecar; null when there is none
 */
export async function repairTake(path: string, knownChannels: number | null): Promise<Repair> {
  const file = await open(path, 'r+')
  try {
    const { size } = await file.stat()
    if (size <= TAKE_HEADER_BYTES) return { kind: 'empty' }
    const head = new Uint8Array(TAKE_HEADER_BYTES)
    await file.read(head, 0, TAKE_HEADER_BYTES, 0)
    const header = decodeTakeHeader(head)
    const channels = header?.channels ?? knownChannels
    if (channels === null) return { kind: 'unreadable' }
    const frameBytes = bytesPerTakeFrame(channels)
    const frames = Math.floor((size - TAKE_HEADER_BYTES) / frameBytes)
    if (frames === 0) return { kind: 'empty' }
    await rewrite(file, channels, frames * frameBytes, header?.claimedBytes ?? null, size)
    return { kind: 'repaired', frames, channels }
  } finally {
    await file.close()
  }
}

async function rewrite(file: FileHandle, channels: number, payload: number, claimed: number | null, size: number): Promise<void> {
  const whole = TAKE_HEADER_BYTES + payload + (payload % 2)
  if (claimed === payload && size === whole) return
  if (size !== whole) await file.truncate(whole)
  const header = encodeTakeHeader(channels, payload)
  await file.write(header, 0, header.length, 0)
  await file.datasync()
}
