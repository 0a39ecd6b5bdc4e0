import type { Connections, Logger } from '../context.ts'

/** Who wants to know when a window's connection is over. */
export interface ConnectionBook extends Connections {
  gone(connectionId: string): void
}

export function createConnections(options: { logger: Logger }): ConnectionBook {
  const listeners = new Set<(connectionId: string) => void>()
  return {
    onGone(run) {
      listeners.add(run)
      return () => void listeners.delete(run)
    },
    gone(connectionId) {
      for (const run of listeners) {
        try {
          run(connectionId)
        } catch (error) {
          options.logger.error('a room failed when a connection ended', { connectionId, error })
        }
      }
    },
  }
}
