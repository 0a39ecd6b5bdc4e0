import type { PcmFrame } from '#contract/frames.ts'
import type { CaptureSink, Captures, Logger } from '../context.ts'

/** The connection microphone frames come from. */
export interface Feeder {
  readonly connectionId: string
  acknowledge(handle: number, seq: number, durableFrames: number): void
}
export interface CaptureDesk extends Captures {
  /** false when no such capture is open (a frame that was still under way when it closed). */
  feed(frame: PcmFrame, feeder: Feeder): boolean
  admits(handle: number, connectionId: string): boolean
  connectionGone(connectionId: string): void
}

export function createCaptures(options: { logger: Logger }): CaptureDesk {
  const open = new Map<number, { sink: CaptureSink; feeder: Feeder | null; admitted: string | null }>()
  let lastHandle = 0
  const nextHandle = () => {
    do lastHandle = lastHandle >= 0xffffffff ? 1 : lastHandle + 1
    while (open.has(lastHandle))
    return lastHandle
  }
  return {
    open(sink) {
      const handle = nextHandle()
      open.set(handle, { sink, feeder: null, admitted: null })
      return handle
    },
    admit(handle, connectionId) {
      const capture = open.get(handle)
      if (capture !== undefined) capture.admitted = connectionId
    },
    admits: (handle, connectionId) => open.get(handle)?.admitted === connectionId,
    close(handle) {
      open.delete(handle)
    },
    feed(frame, feeder) {
      const capture = open.get(frame.session)
      if (capture === undefined) return false
      // After a reconnect the same capture goes on over a new connection: the latest feeder gets the acks.
      capture.feeder = feeder
      try {
        capture.sink.receive(frame, (seq, durableFrames) => capture.feeder?.acknowledge(frame.session, seq, durableFrames))
      } catch (error) {
        options.logger.error('a capture could not take a frame', { handle: frame.session, seq: frame.seq, error })
      }
      return true
    },
    connectionGone(connectionId) {
      for (const [handle, capture] of open) {
        if (capture.feeder?.connectionId !== connectionId) continue
        capture.feeder = null
        try {
          capture.sink.linkLost()
        } catch (error) {
          options.logger.error('a capture failed when its link was lost', { handle, error })
        }
      }
    },
  }
}
