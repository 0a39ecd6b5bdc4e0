import { net } from 'electron'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { StationAddress, StationState } from '../../preload/bridge.ts'

const LOOK_EVERY_MS = 5000
const LIMIT_MS = 8000

/** A station on another computer: it is looked at, never started or ended from here. */
export class RemoteStation {
  readonly #address: StationAddress
  readonly #onState: (state: StationState) => void
  readonly #stopped = new AbortController()
  #state: StationState | null = null
  #waiting: ((address: StationAddress) => void)[] = []

  /** @throws Error when the token file cannot be read */
  constructor(remote: { url: string; tokenFile: string }, onState: (state: StationState) => void) {
    this.#address = { url: remote.url, token: readFileSync(remote.tokenFile, 'utf8').trim(), dataFolder: '' }
    this.#onState = onState
  }

  get state(): StationState | null {
    return this.#state
  }

  address(): Promise<StationAddress> {
    if (this.#state?.state === 'ready') return Promise.resolve(this.#address)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  stop(): void {
    this.#stopped.abort()
  }

  async keep(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const answers = await this.#answers()
      if (answers && this.#state?.state !== 'ready') {
        this.#say({ state: 'ready', address: this.#address })
        for (const resolve of this.#waiting.splice(0)) resolve(this.#address)
      }
      if (!answers && this.#state?.state !== 'gone') this.#say({ state: 'gone', nextTryInMs: LOOK_EVERY_MS })
      await pause(LOOK_EVERY_MS, undefined, { signal: this.#stopped.signal }).catch(() => undefined)
    }
  }

  async #answers(): Promise<boolean> {
    try {
      return (await net.fetch(`${this.#address.url}/health`, { signal: AbortSignal.timeout(LIMIT_MS) })).ok
    } catch {
      // No way to it, or no answer in time: both are "gone" to the window.
      return false
    }
  }

  #say(state: StationState): void {
    this.#state = state
    this.#onState(state)
  }
}
