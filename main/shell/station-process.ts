/**
 * Keeps a station at hand: finds the running one of the data folder, else starts one, watches it, and starts it again when it dies.
 * Promises: never ends a station that lives, never starts a second one while the first answers. Relies on: the lock file and /health.
 * When it fails: says so to the window and tries again after a growing pause.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { StationAddress, StationState } from '../../preload/bridge.ts'
import { askHealth, findStation, isAlive, readStationLock, type StationLock } from './station-lock.ts'
import type { LaunchedStation } from './station-launch.ts'

/** After a kill every tenth of a second is silence. */
const LOOK_EVERY_MS = 100
const HEALTH = { everyMs: 5000, limitMs: 4000 }
const SILENT_AFTER_MISSES = 2
/** A demo area or a long recovery is filled in before the station listens. */
const START_LIMIT_MS = 180_000
const STEADY_AFTER_MS = 60_000
const PAUSES_MS = [0, 1000, 2000, 5000, 10_000, 30_000]
const PORT_IN_USE_EXIT = 4

export interface KeeperOptions {
  readonly dataFolder: string
  launch(options: { demo: boolean; port: number | null }): LaunchedStation
  readonly demo: boolean
  onState(state: StationState): void
  /** How often, and for how long, a living station is asked whether it answers. */
  readonly health?: { readonly everyMs: number; readonly limitMs: number }
}

export class StationKeeper {
  readonly #options: KeeperOptions
  readonly #stopped = new AbortController()
  #state: StationState | null = null
  #lock: StationLock | null = null
  #lastPort: number | null = null
  readonly #health: { readonly everyMs: number; readonly limitMs: number }
  #demo: boolean
  #waiting: ((address: StationAddress) => void)[] = []

  constructor(options: KeeperOptions) {
    this.#options = options
    this.#demo = options.demo
    this.#health = options.health ?? HEALTH
  }

  get state(): StationState | null {
    return this.#state
  }

  get lock(): StationLock | null {
    return this.#lock
  }

  /** Resolves when a station answers; at once when one does. */
  address(): Promise<StationAddress> {
    if (this.#state?.state === 'ready') return Promise.resolve(this.#state.address)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Ends the watch, not the station. */
  stop(): void {
    this.#stopped.abort()
  }

  /** Runs until `stop`. */
  async keep(): Promise<void> {
    let failures = 0
    while (!this.#stopped.signal.aborted) {
      const began = Date.now()
      const outcome = await this.#findOrStart()
      if (outcome.lock !== null) {
        this.#ready(outcome.lock)
        await this.#watch(outcome.lock)
        if (this.#stopped.signal.aborted) return
      }
      failures = Date.now() - began > STEADY_AFTER_MS ? 0 : failures
      const nextTryInMs = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 0
      failures += 1
      this.#say(outcome.lock === null ? { state: 'failed', detail: outcome.detail, nextTryInMs } : { state: 'gone', nextTryInMs })
      await this.#pause(nextTryInMs)
    }
  }

  async #findOrStart(): Promise<{ lock: StationLock } | { lock: null; detail: string }> {
    const { dataFolder } = this.#options
    const running = await findStation(dataFolder, this.#health.limitMs)
    if (running !== null) return { lock: running }
    // The port of before, so that screens and other windows find the station again where it was.
    const port = this.#lastPort ?? readStationLock(dataFolder)?.port ?? null
    try {
      const first = await this.#start(port)
      return first.exitCode === PORT_IN_USE_EXIT && port !== null ? await this.#start(null) : first
    } catch (error) {
      return { lock: null, detail: error instanceof Error ? error.message : String(error) }
    }
  }

  async #start(port: number | null): Promise<{ lock: StationLock; exitCode?: undefined } | { lock: null; detail: string; exitCode: number | null }> {
    const launched = this.#options.launch({ demo: this.#demo, port })
    let exit: { code: number | null } | null = null
    void launched.ended.then((code) => { exit = { code } })
    const limit = Date.now() + START_LIMIT_MS
    while (Date.now() < limit && !this.#stopped.signal.aborted) {
      const lock = await findStation(this.#options.dataFolder, this.#health.limitMs)
      if (lock !== null) {
        // A later restart must not fill the demo area again.
        this.#demo = false
        return { lock }
      }
      if (exit !== null) return { lock: null, detail: launched.output(), exitCode: (exit as { code: number | null }).code }
      await this.#pause(100)
    }
    return { lock: null, detail: launched.output(), exitCode: null }
  }

  /** Returns when the station is dead. */
  async #watch(first: StationLock): Promise<void> {
    let lock = first
    let misses = 0
    let nextHealth = Date.now() + this.#health.everyMs
    while (!this.#stopped.signal.aborted) {
      await this.#pause(LOOK_EVERY_MS)
      if (!isAlive(lock.pid)) {
        this.#lock = null
        return
      }
      if (Date.now() < nextHealth) continue
      nextHealth = Date.now() + this.#health.everyMs
      const boot = await askHealth(lock.port, this.#health.limitMs)
      const fresh = boot === lock.boot ? lock : await findStation(this.#options.dataFolder, this.#health.limitMs)
      if (fresh !== null) {
        const news = misses >= SILENT_AFTER_MISSES || fresh !== lock
        misses = 0
        lock = fresh
        if (news) this.#ready(fresh)
      } else {
        misses += 1
        if (misses === SILENT_AFTER_MISSES) this.#say({ state: 'silent' })
      }
    }
  }

  #ready(lock: StationLock): void {
    this.#lock = lock
    this.#lastPort = lock.port
    const address = { url: `http://127.0.0.1:${lock.port}`, token: lock.token, dataFolder: this.#options.dataFolder }
    this.#say({ state: 'ready', address })
    for (const resolve of this.#waiting.splice(0)) resolve(address)
  }

  #say(state: StationState): void {
    this.#state = state
    this.#options.onState(state)
  }

  /** Ends early, without an error, when the watch is stopped. */
  #pause(ms: number): Promise<void> {
    return pause(ms, undefined, { signal: this.#stopped.signal }).catch(() => undefined)
  }
}
