import type { RelayFeedState, RelayOnAir } from '../../faces.ts'
import type { FromAir } from '../messages.ts'
import { RelayInput } from './relay-input.ts'

/** Relays this thread listens to. Sound comes from the main thread; each line and bus has a connection of its own. */
export class RelayInputs {
  private readonly byFeed = new Map<string, RelayInput>()
  private readonly send: (message: FromAir) => void
  private readonly newId: () => string

  constructor(send: (message: FromAir) => void, newId: () => string) {
    this.send = send
    this.newId = newId
  }

  /** @param startAt planned start of its line, UTC ms */
  open(relay: RelayOnAir, startAt: number): RelayInput {
    const feedId = this.newId()
    const input = new RelayInput(relay, () => {
      if (this.byFeed.delete(feedId)) this.send({ kind: 'relayDone', feedId })
    })
    this.byFeed.set(feedId, input)
    this.send({ kind: 'relayWanted', feedId, relay, startAt })
    return input
  }
  sound(feedId: string, pcm: Float32Array): void {
    this.byFeed.get(feedId)?.write(pcm)
  }
  state(feedId: string, state: RelayFeedState): void {
    this.byFeed.get(feedId)?.take(state)
  }
  ended(feedId: string): void {
    this.byFeed.get(feedId)?.end()
  }
}
