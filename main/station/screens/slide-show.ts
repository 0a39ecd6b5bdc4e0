import { instantText } from '#common/letters/index.ts'
import type { Slide } from '#contract/programme.ts'
import type { StationContext } from '../context.ts'
import type { AirRoom, DevicesRoom, LogRoom } from '../faces.ts'
import type { ImageShelf } from './images.ts'
import { slideCues } from './slide-cues.ts'
import type { SlideCue } from './slide-cues.ts'

/** So much ahead of its time a picture is announced: screens fetch it meanwhile and change by their own clock. */
const AHEAD_MS = 10 * 60_000
const LEASE_LIMIT_SEC = 1800
/** Like notices: below live speech and drills. */
const PRIO = 4
const LANG = 'vi-VN'
/** So long after its start a line must be what sounds; before, the air may still be telling of the one before it. */
const SETTLE_MS = 3_000

export interface SlideShowDeps {
  readonly devices: Pick<DevicesRoom, 'devices' | 'resolve' | 'publishLetter' | 'addContent'>
  readonly images: Pick<ImageShelf, 'get'>
  readonly log: Pick<LogRoom, 'plan' | 'onPlan'>
  readonly air: Pick<AirRoom, 'status'>
  readonly slidesOf: (itemId: string) => readonly Slide[]
}

/**
 * Screens follow the sound. Promises: only pictures of plays that passed the gate are announced, each at the sample its words begin; what is
 * taken from the plan, or loses the bus to live speech, is taken off the screens. Relies on the screens' clocks. When the station dies,
 * what was announced still happens, and ends by itself.
 */
export class SlideShow {
  readonly #ctx: Pick<StationContext, 'clock' | 'logger'>
  readonly #deps: SlideShowDeps
  readonly #sent = new Map<string, { readonly cue: SlideCue; readonly screens: readonly string[] }>()
  readonly #offered = new Set<string>()
  #queue: Promise<void> = Promise.resolve()

  constructor(ctx: Pick<StationContext, 'clock' | 'logger'>, deps: SlideShowDeps) {
    this.#ctx = ctx
    this.#deps = deps
  }

  /** Brings what is announced in line with the plan. Calls follow each other. */
  refresh(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#refresh()).catch((error: unknown) => this.#ctx.logger.error('pictures of the programme were not announced', { error }))
    return this.#queue
  }

  async #refresh(): Promise<void> {
    const now = this.#ctx.clock.now()
    const wanted = new Map(slideCues(this.#deps.log.plan().plays, this.#deps.slidesOf, now, now + AHEAD_MS).filter((cue) => this.#mayShow(cue, now)).map((cue) => [cue.sid, cue]))
    for (const [sid, { cue, screens }] of this.#sent) {
      if (wanted.has(sid)) continue
      this.#sent.delete(sid)
      // One that is over ends by its own length.
      if (cue.endAt > now) await this.#guarded(sid, () => this.#stop(sid, screens))
    }
    for (const cue of wanted.values()) await this.#guarded(cue.sid, () => this.#announce(cue, now))
  }

  /** Another line, live speech or an order has the bus: the picture would lie. A bus that plays nothing may be another's air (a relay): the plan counts. */
  #mayShow(cue: SlideCue, now: number): boolean {
    if (now < cue.lineStartAt + SETTLE_MS) return true
    const playing = this.#deps.air.status().buses[0]?.playing ?? null
    return playing === null || (playing.source === 'log' && playing.lineId === cue.lineId) || (playing.source === 'log' && now < cue.startAt)
  }

  async #announce(cue: SlideCue, now: number): Promise<void> {
    const screens = this.#screensFor(cue)
    const before = this.#sent.get(cue.sid)
    const moved = before === undefined || Math.abs(before.cue.startAt - cue.startAt) >= 1 || Math.abs(before.cue.endAt - cue.endAt) >= 1 || before.cue.image !== cue.image || before.cue.title !== cue.title
    if (!moved && screens.every((id) => before.screens.includes(id)) && screens.length === before.screens.length) return
    const gone = (before?.screens ?? []).filter((id) => !screens.includes(id))
    if (gone.length > 0) await this.#stop(cue.sid, gone)
    if (screens.length === 0) {
      this.#sent.delete(cue.sid)
      return
    }
    const image = this.#deps.images.get(cue.image)
    if (image === null) return
    if (!this.#offered.has(image.sha256)) {
      await this.#deps.devices.addContent(image.path, image.mime, { pinned: false, title: cue.title })
      this.#offered.add(image.sha256)
    }
    const durSec = Math.max(1, Math.ceil((cue.endAt - cue.startAt) / 1000))
    await this.#deps.devices.publishLetter({
      typ: 'screen', aud: screens.map((id) => `d/${id}`), leaseSec: Math.min(LEASE_LIMIT_SEC, Math.max(1, Math.ceil((cue.startAt - now) / 1000 + durSec))), prio: PRIO,
      claims: {
        sid: cue.sid, state: 'start', title: cue.title.slice(0, 200), layer: 'full', startAt: instantText(Math.round(cue.startAt * 1000)), durSec,
        panel: { template: 'media', title: [{ lang: LANG, text: cue.title }], items: [{ item: image.sha256, mime: image.mime, bytes: image.bytes, url: `/c/${image.sha256}`, fit: 'contain' }] },
      },
    })
    this.#sent.set(cue.sid, { cue, screens })
  }

  async #stop(sid: string, screens: readonly string[]): Promise<void> {
    if (screens.length > 0) await this.#deps.devices.publishLetter({ typ: 'screen', aud: screens.map((id) => `d/${id}`), leaseSec: LEASE_LIMIT_SEC, prio: PRIO, claims: { sid, state: 'stop' } })
  }

  /** Active screens where the line is meant for; no units given = everywhere, as with sound. */
  #screensFor({ targetUnitIds }: SlideCue): string[] {
    const screens = this.#deps.devices.devices().filter((device) => device.kind === 'screen' && device.mode === 'active').map((device) => device.id)
    if (targetUnitIds.length === 0) return screens.sort()
    const there = new Set(targetUnitIds.flatMap((unitId) => {
      try {
        return this.#deps.devices.resolve({ unitIds: [unitId], deviceIds: [] }).deviceIds
      } catch {
        // The unit was removed since the line was written.
        return []
      }
    }))
    return screens.filter((id) => there.has(id)).sort()
  }

  /** One picture that cannot be sent must not keep the others from the screens. */
  async #guarded(sid: string, run: () => Promise<void>): Promise<void> {
    try {
      await run()
    } catch (error) {
      this.#ctx.logger.error('a picture of the programme was not sent', { sid, error })
    }
  }
}
