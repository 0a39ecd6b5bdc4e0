import { readFile } from 'node:fs/promises'
import type { RecordedTake, TakeFault } from '#contract/recorder.ts'
import type { CaptureSink, StationContext } from '../../../main/station/context.ts'
import type { RecorderRoom } from '../../../main/station/faces.ts'
import { openRecorder, type RecorderDeps } from '../../../main/station/recorder/index.ts'
import { TAKE_HEADER_BYTES, decodeTakeHeader } from '../../../main/station/recorder/wav-header.ts'
import { callRoom, openTestContext, type TestContext } from '../context.ts'
import { counterFrame } from './counter-pcm.ts'
import { fakeLibrary } from './fake-library.ts'

export const CHUNK = 4_800
/** Faults of the sound itself: a busy machine's disk may really be late at any time. */
export const soundFaults = (faults: readonly TakeFault[]): TakeFault[] => faults.filter((fault) => fault.kind !== 'writer-late')
export const startInput = { title: 'Lời dẫn bản tin sáng', channels: 1, inputLabel: 'Micro thử', inputRateHz: 48_000, settings: {} }

/** A recorder room on a real folder and database, fed by hand. */
export interface RecordingRoom extends AsyncDisposable {
  readonly ctx: TestContext
  readonly room: RecorderRoom
  readonly library: ReturnType<typeof fakeLibrary>
  readonly acks: { seq: number; durable: number }[]
  readonly changes: RecordedTake[]
  sink(handle: number): CaptureSink
  /** Counter PCM in chunks of 100 ms. */
  feed(take: RecordedTake, fromSeq: number, count: number, firstFrame?: number): void
  /** The first change, seen already or still to come, that fits. */
  changed(fits: (take: RecordedTake) => boolean): Promise<RecordedTake>
  /** 24-bit samples of a take that has become an item. */
  soundOf(take: RecordedTake): Promise<Buffer>
}

export async function openRecordingRoom(deps: Omit<RecorderDeps, 'library'> = {}, folder?: string): Promise<RecordingRoom> {
  const real = await openTestContext(folder === undefined ? {} : { folder })
  const sinks = new Map<number, CaptureSink>()
  const captures: StationContext['captures'] = {
    open(sink) {
      const handle = real.captures.open(sink)
      sinks.set(handle, sink)
      return handle
    },
    admit: (handle, connectionId) => real.captures.admit(handle, connectionId),
    close: (handle) => real.captures.close(handle),
  }
  const ctx = { ...real, captures }
  const library = fakeLibrary(ctx)
  const changes: RecordedTake[] = []
  ctx.events.on('recorder.changed', (take) => void changes.push(take))
  const room = await openRecorder(ctx, { library: library.face, ...deps })
  const acks: { seq: number; durable: number }[] = []
  const sink = (handle: number): CaptureSink => {
    const found = sinks.get(handle)
    if (found === undefined) throw new Error(`no capture ${handle}`)
    return found
  }
  return {
    ctx, room, library, acks, changes, sink,
    feed(take, fromSeq, count, firstFrame = fromSeq * CHUNK) {
      for (let i = 0; i < count; i++) {
        sink(take.handle).receive(counterFrame({ session: take.handle, seq: fromSeq + i, firstFrame: firstFrame + i * CHUNK, frames: CHUNK, channels: take.channels }), (seq, durable) => void acks.push({ seq, durable }))
      }
    },
    changed(fits) {
      const known = changes.find(fits)
      if (known !== undefined) return Promise.resolve(known)
      return new Promise((resolve) => {
        const stop = ctx.events.on('recorder.changed', (take) => {
          if (!fits(take)) return
          stop()
          resolve(take)
        })
      })
    },
    async soundOf(take) {
      const wav = await readFile(library.items.get(take.itemId ?? '')?.path ?? '')
      const header = decodeTakeHeader(wav)
      if (header === null) throw new Error('not a take of ours')
      return wav.subarray(TAKE_HEADER_BYTES, TAKE_HEADER_BYTES + header.claimedBytes)
    },
    async [Symbol.asyncDispose]() {
      await ctx.dispose()
    },
  }
}

/** Everything a group holds, part after part, as one run of samples. */
export async function wholeGroup(bench: RecordingRoom, groupId: string): Promise<{ parts: RecordedTake[]; pcm: Buffer }> {
  const parts = bench.room.takes().filter((take) => take.groupId === groupId).sort((a, b) => a.part - b.part)
  return { parts, pcm: Buffer.concat(await Promise.all(parts.map((take) => bench.soundOf(take)))) }
}

export function finishTake(bench: RecordingRoom, take: RecordedTake, finalFrame: number | null): Promise<RecordedTake> {
  return callRoom(bench.room, 'recorder.finish', { takeId: take.id, finalFrame })
}

/** Waits until every part of the group lies in the library. */
export async function groupInLibrary(bench: RecordingRoom, groupId: string, parts: number): Promise<void> {
  for (let part = 1; part <= parts; part++) await bench.changed((take) => take.groupId === groupId && take.part === part && take.itemId !== null)
}
