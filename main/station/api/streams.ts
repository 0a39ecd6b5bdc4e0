import { encodeFrame, frameKinds } from '#contract/frames.ts'
import type { StreamOut } from '../context.ts'

export type StreamName = Parameters<StreamOut['send']>[0]
/** A connection that asked for streams. `write` returns nothing: a window that cannot keep up loses the frame. */
export interface StreamListener {
  wants(stream: StreamName): boolean
  write(stream: StreamName, bytes: Uint8Array): void
}
export interface StreamDesk extends StreamOut {
  add(listener: StreamListener): () => void
}

export function createStreams(): StreamDesk {
  const listeners = new Set<StreamListener>()
  return {
    add(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    send(stream, frame) {
      let bytes: Uint8Array | null = null
      for (const listener of listeners) {
        if (!listener.wants(stream)) continue
        // Encoded once, and only when somebody listens.
        bytes ??= encodeFrame({ ...frame, kind: frameKinds[stream] })
        listener.write(stream, bytes)
      }
    },
  }
}
