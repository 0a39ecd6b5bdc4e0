import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import type { RecordedTake } from '#contract/recorder.ts'
import { endStation, isRunning, killApplication, launchStudio, readLock, waitForLock, type StationLock, type Studio } from '../../../e2e/support/electron-app.ts'
import { connectStation, type StationClient } from '../../station-client.ts'
import { testPassword } from '../../station.ts'
import { readCounted } from './counted-group.ts'
import { judge, type Kill, type KillResult } from './headless.ts'

const RATE = 48_000
/** A minute of counter, looped by the audio thread itself. */
export const COUNTER_FRAMES = 60 * RATE
const WAIT_MS = 120_000
const ANSWER_WITHIN_MS = 5_000

/**
 * In the page: what the capture graph takes for a microphone is a counter played by the same audio clock, so every sample of the take can be named. From
 * the worklet on everything is the studio's own. The real (fake) device is opened all the same.
 */
const counterMicrophone = `(() => {
  if (window.counter !== undefined) return
  window.counter = { context: null, stream: null, source: null, away: false, listeners: [] }
  const devices = navigator.mediaDevices
  const open = devices.getUserMedia.bind(devices)
  const list = devices.enumerateDevices.bind(devices)
  devices.getUserMedia = async (wanted) => {
    if (window.counter.away) throw new DOMException('no such device', 'NotFoundError')
    return (window.counter.stream = await open(wanted))
  }
  devices.enumerateDevices = async () => (window.counter.away ? [] : list())
  window.loseDevice = () => {
    window.counter.away = true
    const [track] = window.counter.stream.getAudioTracks()
    window.counter.source.disconnect()
    track.stop()
    track.dispatchEvent(new Event('ended'))
  }
  AudioContext.prototype.createMediaStreamSource = function () {
    const buffer = this.createBuffer(1, ${COUNTER_FRAMES}, ${RATE})
    const samples = buffer.getChannelData(0)
    for (let i = 0; i < samples.length; i++) samples[i] = i / 8388608
    const source = this.createBufferSource()
    source.buffer = buffer
    source.loop = true
    source.start()
    window.counter.context = this
    // Whoever listens to it can be given something else to hear.
    const connect = source.connect
    source.connect = function (node, ...rest) {
      window.counter.listeners.push(node)
      return connect.call(this, node, ...rest)
    }
    return (window.counter.source = source)
  }
})()`

const Clock = z.object({ atMs: z.number(), frame: z.number() })

/** The real application, driven from its own main process: that survives a dead renderer. */
export class ElectronLane implements AsyncDisposable {
  readonly #folder: string
  readonly #args: readonly string[]
  #studio: Studio
  #client: StationClient
  #session: string

  private constructor(args: readonly string[], studio: Studio, folder: string, client: StationClient, session: string) {
    this.#args = args
    this.#folder = folder
    this.#studio = studio
    this.#client = client
    this.#session = session
  }

  /** @param folder of a station that may run already */
  static async open(args: readonly string[], folder = mkdtempSync(join(tmpdir(), 'vangxa-fault-'))): Promise<ElectronLane> {
    const studio = await launchStudio({ dataDir: folder, args })
    try {
      const lock = await waitForLock(folder)
      const client = await connectStation({ port: lock.port, token: lock.token })
      const session = await client.call('accounts.createAdministrator', { stationName: 'Đài thử', fullName: 'Nguyễn Thị Quản', userName: 'quantri', password: testPassword })
      return new ElectronLane(args, studio, folder, client, session.sessionToken)
    } catch (error) {
      await putAway(studio, folder)
      throw error
    }
  }

  async rendererPid(): Promise<number> {
    return z.number().parse(await this.#studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId()))
  }
  /** The main process of the application. */
  shellPid(): number {
    return z.number().parse(this.#studio.app.process().pid)
  }
  stationPid(): number {
    return readLock(this.#folder)?.pid ?? 0
  }
  get page(): Page {
    return this.#studio.page
  }
  get folder(): string {
    return this.#folder
  }
  get client(): StationClient {
    return this.#client
  }

  /** Runs code in the page. */
  inPage(code: string): Promise<unknown> {
    return this.#studio.app.evaluate(({ BrowserWindow }, text) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(text, true), code)
  }
  async #until(code: string, what: string): Promise<void> {
    const limit = Date.now() + WAIT_MS
    while (Date.now() < limit) {
      // A page that has just died may never answer.
      if (await Promise.race([this.inPage(code).catch(() => false), wait(ANSWER_WITHIN_MS, false)]) === true) return
      await wait(100)
    }
    throw new Error(`waited for ${what}`)
  }
  /** Hidden as by a person who works in another program; the take goes on. */
  showWindow(isShown: boolean): Promise<void> {
    return this.#studio.app.evaluate(({ BrowserWindow }, shown) => {
      const [window] = BrowserWindow.getAllWindows()
      if (shown) window?.show()
      else window?.hide()
    }, isShown)
  }
  click(testId: string): Promise<unknown> {
    return this.inPage(`document.querySelector('[data-testid="${testId}"]').click()`)
  }

  /** A signed-in window on the recorder page with the counter in the microphone's place. */
  async ready(): Promise<void> {
    await this.#until('document.readyState === "complete"', 'the page')
    await this.inPage(`sessionStorage.setItem('session', ${JSON.stringify(this.#session)}); window.stale = true; setTimeout(() => location.reload(), 0)`)
    await this.#until('window.stale !== true && document.querySelector(\'[data-testid="rail-recorder"]\') !== null', 'the desk')
    await this.inPage(counterMicrophone)
    await this.click('rail-recorder')
    await this.#until('document.querySelector(\'[data-testid="record"]\')?.disabled === false && window.counter.context !== null', 'the microphone')
  }

  async record(): Promise<RecordedTake> {
    const known = new Set((await this.#client.call('recorder.takes', {})).takes.map((take) => take.id))
    await this.click('record')
    const limit = Date.now() + WAIT_MS
    while (Date.now() < limit) {
      const { takes } = await this.#client.call('recorder.takes', {})
      const take = takes.find((one) => !known.has(one.id) && one.state === 'recording' && one.durableFrames > 0)
      if (take !== undefined) return take
      await wait(50)
    }
    throw new Error('no take began')
  }

  /** What the audio clock says, and when. */
  async clock(): Promise<{ atMs: number; frame: number }> {
    return Clock.parse(await this.inPage(`({ atMs: Date.now(), frame: Math.round(window.counter.context.currentTime * ${RATE}) })`))
  }

  async run(kill: Kill, killAfterMs: number): Promise<KillResult> {
    await this.ready()
    const take = await this.record()
    await wait(killAfterMs)
    const { takes } = await this.#client.call('recorder.takes', {})
    const acknowledged = takes.find((one) => one.id === take.id)?.durableFrames ?? 0
    const lock = await waitForLock(this.#folder)
    const pids = await this.#pidsOf(kill, lock)
    // The clock is read last: the shorter the way from here to the kill, the less of what was spoken must be guessed.
    const clock = await this.clock()
    const killedAt = Date.now()
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    await this.#gone(pids)
    await this.#comeBack(kill, lock)
    if (kill === 'station') await this.#stopInWindow(take.id)
    else {
      await this.#handedIn()
      if (kill !== 'all') await this.#finishLeft(take.id)
    }
    const counted = await readCounted(this.#client, this.#folder, take.groupId, COUNTER_FRAMES)
    // The counter began with the context; its value now is what is being said.
    const spokenValue = clock.frame + (killedAt - clock.atMs) * (RATE / 1000)
    const lost = kill === 'station' ? 0 : spokenValue - this.#unwrapped(counted.lastValue, spokenValue)
    return judge({
      kill, where: 'electron', killAfterMs, spokenFrames: Math.round(counted.frames + lost), keptFrames: counted.frames, lostMs: lost / 48, acknowledgedFrames: acknowledged, wrongAt: counted.wrongAt,
      toldFrames: counted.toldFrames, parts: counted.parts.length, headersTrue: counted.headersTrue,
    })
  }

  /**
   * The station stands still while the window goes on recording; then the application is killed with everything it started, and opened again. What waited in
   * the window has been joined to its take when this resolves, and nobody has signed in.
   */
  async killWhileStationIsAway(awayMs: number, then: 'wakes' | 'dies'): Promise<KillResult> {
    await this.ready()
    const take = await this.record()
    await wait(1_000)
    const lock = await waitForLock(this.#folder)
    process.kill(lock.pid, 'SIGSTOP')
    await wait(awayMs)
    const clock = await this.clock()
    const killedAt = Date.now()
    await killApplication(this.#studio.app, this.#folder)
    process.kill(lock.pid, then === 'wakes' ? 'SIGCONT' : 'SIGKILL')
    if (then === 'dies') await this.#gone([lock.pid])
    this.#studio = await launchStudio({ dataDir: this.#folder, args: this.#args })
    await this.#join(await waitForLock(this.#folder, (one) => isRunning(one.pid) && (then === 'wakes' || one.pid !== lock.pid)))
    await this.#pickedUp(take.groupId)
    const counted = await readCounted(this.#client, this.#folder, take.groupId, COUNTER_FRAMES)
    const spokenValue = clock.frame + (killedAt - clock.atMs) * (RATE / 1000)
    const lost = spokenValue - this.#unwrapped(counted.lastValue, spokenValue)
    return judge({
      kill: then === 'wakes' ? 'shell' : 'all', where: 'electron', killAfterMs: awayMs, spokenFrames: Math.round(counted.frames + lost), keptFrames: counted.frames, lostMs: lost / 48, acknowledgedFrames: take.durableFrames,
      wrongAt: counted.wrongAt, toldFrames: counted.toldFrames, parts: counted.parts.length, headersTrue: counted.headersTrue,
    })
  }

  /** The window that came back has looked for what its predecessor left, and the station has it. */
  #handedIn(): Promise<void> {
    return this.#until('performance.getEntriesByName("left-sound-looked").length > 0', 'the look for left sound')
  }
  /** Handing in may have ended the take already. */
  async #finishLeft(takeId: string): Promise<void> {
    await this.#client.call('recorder.finish', { takeId, finalFrame: null }).catch(async (error: unknown) => {
      const { takes } = await this.#client.call('recorder.takes', {})
      if (takes.find((one) => one.id === takeId)?.state === 'recording') throw error
    })
  }

  /** The station tells that left sound has been joined to a take of the group. */
  async #pickedUp(groupId: string): Promise<void> {
    const limit = Date.now() + WAIT_MS
    while (Date.now() < limit) {
      const ids = (await this.#client.call('recorder.takes', {})).takes.filter((one) => one.groupId === groupId).map((one) => one.id)
      const { notices } = await this.#client.call('station.notices', {})
      if (notices.some(({ error }) => error.code === 'take-picked-up' && ids.includes(String(error.data?.['subject'])))) return
      await wait(100)
    }
    throw new Error('what waited in the window was not handed in')
  }

  /** The counter runs round each minute. */
  #unwrapped(value: number, near: number): number {
    return value + Math.round((near - value) / COUNTER_FRAMES) * COUNTER_FRAMES
  }

  async #pidsOf(kill: Kill, lock: StationLock): Promise<number[]> {
    if (kill === 'renderer') return [await this.rendererPid()]
    const shell = this.#studio.app.process().pid
    return [...(kill === 'station' || shell === undefined ? [] : [shell]), ...(kill === 'shell' ? [] : [lock.pid])]
  }

  /** What was killed is there again: a renderer by the shell, the rest by being started. */
  async #comeBack(kill: Kill, lock: StationLock): Promise<void> {
    if (kill === 'shell' || kill === 'all') this.#studio = await launchStudio({ dataDir: this.#folder, args: this.#args })
    if (kill === 'station' || kill === 'all') await this.#join(await waitForLock(this.#folder, (one) => one.pid !== lock.pid && isRunning(one.pid)))
  }

  async #join(lock: StationLock): Promise<void> {
    const limit = Date.now() + WAIT_MS
    for (;;) {
      try {
        this.#client = await connectStation({ port: lock.port, token: lock.token })
        break
      } catch (error) {
        if (Date.now() > limit) throw error
        await wait(200)
      }
    }
    this.#session = (await this.#client.call('accounts.signIn', { userName: 'quantri', password: testPassword })).sessionToken
  }

  async #gone(pids: readonly number[]): Promise<void> {
    while (pids.some(isRunning)) await wait(20)
  }

  /** The shell starts the station again, the window goes on in the next part by itself; then the person stops. */
  async #stopInWindow(takeId: string): Promise<void> {
    await this.#client.waitFor('recorder.changed', (one) => one.groupId === takeId && one.part === 2 && one.durableFrames > 0, WAIT_MS)
    await this.stop()
    await this.#client.waitFor('recorder.changed', (one) => one.groupId === takeId && one.part === 2 && one.state === 'saved', WAIT_MS)
  }
  async stop(): Promise<void> {
    await this.#until('document.querySelector(\'[data-testid="record"]\')?.disabled === false', 'the stop key')
    await this.click('record')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await putAway(this.#studio, this.#folder)
  }
}

async function putAway(studio: Studio, folder: string): Promise<void> {
  await studio.close()
  await endStation(folder)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}
