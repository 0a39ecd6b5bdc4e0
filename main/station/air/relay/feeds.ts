import type { OpenRelayFeed, RelayFeed } from '../../faces.ts'
import type { FromAir, ToAir } from '../messages.ts'
import { wholeBuffer } from '../whole-buffer.ts'

type Wanted = Extract<FromAir, { kind: 'relayWanted' }>

/** What the audio thread wants to hear of relays, and who listens for it. What is wanted before anybody listens waits. */
export class RelayFeeds {
  private readonly running = new Map<string, RelayFeed>()
  private readonly waiting = new Map<string, Wanted>()
  private readonly send: (message: ToAir, transfer?: ArrayBuffer[]) => void
  private open: OpenRelayFeed | null = null

  constructor(send: (message: ToAir, transfer?: ArrayBuffer[]) => void) {
    this.send = send
  }

  use(open: OpenRelayFeed): void {
    this.open = open
    for (const wanted of [...this.waiting.values()]) this.want(wanted)
  }
  want(wanted: Wanted): void {
    const { feedId, relay, startAt } = wanted
    if (this.open === null) return void this.waiting.set(feedId, wanted)
    this.waiting.delete(feedId)
    this.running.set(feedId, this.open(relay, startAt, {
      sound: (pcm) => {
        const own = wholeBuffer(pcm)
        this.send({ kind: 'relayPcm', feedId, pcm: own }, [own.buffer])
      },
      state: (state) => this.send({ kind: 'relayState', feedId, state }),
      ended: () => this.send({ kind: 'relayEnded', feedId }),
    }))
  }
  done(feedId: string): void {
    this.waiting.delete(feedId)
    this.running.get(feedId)?.close()
    this.running.delete(feedId)
  }
  /** The thread that wanted them is gone. */
  closeAll(): void {
    this.waiting.clear()
    for (const feed of this.running.values()) feed.close()
    this.running.clear()
  }
}
