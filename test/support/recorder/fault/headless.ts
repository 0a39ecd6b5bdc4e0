import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { temporaryFolder } from '../../context.ts'
import { foundStation, startStation, testPassword, type RunningStation } from '../../station.ts'
import type { StationClient } from '../../station-client.ts'
import { within } from '../../waiting.ts'
import { readCounted } from './counted-group.ts'

export type Kill = 'renderer' | 'shell' | 'station' | 'all'
export interface KillResult {
  readonly kill: Kill
  readonly where: 'headless' | 'electron'
  readonly killAfterMs: number
  readonly spokenFrames: number
  readonly keptFrames: number
  readonly lostMs: number
  readonly acknowledgedFrames: number
  readonly wrongAt: number
  readonly toldFrames: number
  readonly parts: number
  readonly good: boolean
}

const MODULUS = 8_388_608
const MOST_LOST_MS = 1_000
const start = { title: 'Thử tắt máy', channels: 1, inputLabel: 'Bộ đếm', inputRateHz: 48_000, settings: {} }
const Told = z.object({ state: z.string().optional(), durableFrames: z.number().optional(), waiting: z.number().optional(), spoken: z.number().optional(), finalFrame: z.number().optional() })

export function judge(result: Omit<KillResult, 'good'> & { headersTrue: boolean }): KillResult {
  const { headersTrue, ...rest } = result
  return { ...rest, lostMs: Math.max(0, Math.round(rest.lostMs)), good: rest.lostMs <= MOST_LOST_MS && rest.wrongAt === -1 && headersTrue && rest.keptFrames >= rest.acknowledgedFrames }
}

/** A real station on a folder of its own and, for each run, a capture client in a process of its own. The window's chain without Chromium. */
export class HeadlessLane implements AsyncDisposable {
  readonly #folder: Awaited<ReturnType<typeof temporaryFolder>>
  #station: RunningStation
  #client: StationClient
  #session: string

  private constructor(folder: Awaited<ReturnType<typeof temporaryFolder>>, station: RunningStation, client: StationClient, session: string) {
    this.#folder = folder
    this.#station = station
    this.#client = client
    this.#session = session
  }

  static async open(): Promise<HeadlessLane> {
    const folder = await temporaryFolder()
    const station = await startStation({ folder: folder.path, readyWithinMs: 120_000 }).catch(async (error: unknown) => {
      await folder.remove()
      throw error
    })
    const { client, session } = await foundStation(station)
    return new HeadlessLane(folder, station, client, session.sessionToken)
  }

  async run(kill: Kill, killAfterMs: number, base: number): Promise<KillResult> {
    const take = await this.#client.call('recorder.start', start)
    const child = fork(new URL('./capture-client.ts', import.meta.url), [JSON.stringify({ access: this.#access(), handle: take.handle, base })], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const seen = { spoken: 0, durable: 0, states: [] as string[], final: -1, waiting: -1 }
    const looks = new Set<() => void>()
    child.on('message', (message) => {
      const told = Told.parse(message)
      seen.spoken = told.spoken ?? seen.spoken
      seen.durable = told.durableFrames ?? seen.durable
      seen.final = told.finalFrame ?? seen.final
      if (told.state !== undefined) seen.states.push(told.state)
      for (const look of [...looks]) look()
    })
    const until = (fits: () => boolean, what: string): Promise<void> => within(new Promise<void>((resolve) => {
      const look = (): void => {
        if (!fits()) return
        looks.delete(look)
        resolve()
      }
      looks.add(look)
      look()
    }), 120_000, what)
    try {
      await until(() => seen.spoken > 0, 'the first block')
      await wait(killAfterMs)
      const acknowledged = seen.durable
      if (kill === 'renderer' || kill === 'shell') return await this.#afterWindow(kill, child, take.id, killAfterMs, seen, acknowledged)
      await this.#killStation(kill === 'all' ? child : null)
      // What was spoken up to the last report, and the block that was being filled.
      const spokenFrames = seen.spoken + (kill === 'all' ? 4_800 : 0)
      if (kill === 'station') await this.#goOn(child, take.id, until, seen)
      const counted = await readCounted(this.#client, this.#folder.path, take.id, MODULUS)
      const all = kill === 'station' ? seen.spoken : spokenFrames
      return judge({ kill, where: 'headless', killAfterMs, spokenFrames: all, keptFrames: counted.frames, lostMs: (all - counted.frames) / 48, acknowledgedFrames: acknowledged, wrongAt: counted.firstValue === base % MODULUS || counted.frames === 0 ? counted.wrongAt : 0, toldFrames: counted.toldFrames, parts: counted.parts.length, headersTrue: counted.headersTrue })
    } finally {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        child.kill('SIGKILL')
        await gone
      }
    }
  }

  async #afterWindow(kill: Kill, child: ChildProcess, takeId: string, killAfterMs: number, seen: { spoken: number }, acknowledged: number): Promise<KillResult> {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    const spokenFrames = seen.spoken + 4_800
    // The window that is opened again closes what its predecessor left.
    await this.#client.waitFor('recorder.changed', (one) => one.id === takeId && one.faults.some((fault) => fault.kind === 'link-lost'), 60_000)
    await this.#client.call('recorder.finish', { takeId, finalFrame: null })
    const counted = await readCounted(this.#client, this.#folder.path, takeId, MODULUS)
    return judge({ kill, where: 'headless', killAfterMs, spokenFrames, keptFrames: counted.frames, lostMs: (spokenFrames - counted.frames) / 48, acknowledgedFrames: acknowledged, wrongAt: counted.wrongAt, toldFrames: counted.toldFrames, parts: counted.parts.length, headersTrue: counted.headersTrue })
  }

  async #killStation(also: ChildProcess | null): Promise<void> {
    also?.kill('SIGKILL')
    await this.#station.kill()
    this.#station = await startStation({ folder: this.#folder.path, readyWithinMs: 120_000 })
    this.#client = await this.#station.connect()
    this.#session = (await this.#client.call('accounts.signIn', { userName: 'quantri', password: testPassword })).sessionToken
  }

  /** The window lives: it continues in the next part, speaks a little more and stops. */
  async #goOn(child: ChildProcess, takeId: string, until: (fits: () => boolean, what: string) => Promise<void>, seen: { states: string[]; final: number; spoken: number }): Promise<void> {
    child.send({ kind: 'move', access: this.#access() })
    await until(() => seen.states.includes('other-boot'), 'the new boot')
    const next = await this.#client.call('recorder.start', { ...start, continues: takeId })
    child.send({ kind: 'rebind', handle: next.handle, fromPosition: next.continuesAt })
    await wait(300)
    child.send({ kind: 'stop' })
    await until(() => seen.final >= 0, 'the end')
    await this.#client.call('recorder.finish', { takeId: next.id, finalFrame: seen.final })
  }

  #access(): { url: string; token: string; session: string } {
    return { url: this.#station.url, token: this.#station.token(), session: this.#session }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#station.dispose()
    await this.#folder.remove()
  }
}
