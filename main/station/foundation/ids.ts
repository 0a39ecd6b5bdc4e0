import { monotonicFactory } from 'ulidx'
import type { Clock } from '../context.ts'

/** ULIDs that sort in the order they were made, even within one millisecond. */
export function idMaker(clock: Clock): () => string {
  const make = monotonicFactory()
  return () => make(Math.floor(clock.now()))
}
