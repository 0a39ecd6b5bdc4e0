import { mergeProgress } from '#common/letters/index.ts'
import type { Alert, DeviceProgress } from '#contract/devices.ts'
import type { StationContext } from '../context.ts'
import type { DevicesRoom, OutgoingLetter } from '../faces.ts'

/** Longest lease of an alert (BS1 3). Renewed while the station lives; a dead station's alert ends by itself. */
const LEASE_SEC = 900
const RENEW_MS = (LEASE_SEC / 3) * 1000
/** An alert nobody stopped ends after so long: sirens for hours make deaf. */
const MOST_MS = 3 * 3_600_000

export interface AlertMemory { readonly claims: Readonly<Record<string, unknown>>; readonly aud: readonly string[]; readonly leaseUntil: number }
type Sign = (letter: OutgoingLetter) => Promise<{ id: string; iat: number; exp: number }>
export interface AlertParts { readonly devices: DevicesRoom; changed(alert: Alert, run: AlertRun): void }

/** One alert from the button to its end. The signing key stays open in memory while the alert runs, for the renewals, and is forgotten with it. */
export class AlertRun {
  readonly #ctx: StationContext
  readonly #parts: AlertParts
  readonly #progress: Map<string, DeviceProgress>
  #alert: Alert
  #memory: AlertMemory
  #sign: Sign | null = null
  #cancelRenewal: (() => void) | null = null

  constructor(ctx: StationContext, parts: AlertParts, alert: Alert, memory: AlertMemory) {
    this.#ctx = ctx
    this.#parts = parts
    this.#alert = alert
    this.#memory = memory
    this.#progress = new Map(alert.devices.map((device) => [device.id, device]))
  }

  alert(): Alert {
    const devices = [...this.#progress.values()]
    return { ...this.#alert, online: this.#parts.devices.online(devices.map((device) => device.id)).length, sounding: devices.filter((device) => device.step === 'sounding' || device.step === 'resumed' || device.step === 'done').length, devices }
  }

  memory(): AlertMemory {
    return this.#memory
  }

  async fire(sign: Sign): Promise<void> {
    this.#sign = sign
    await this.#send('start')
    this.#renewLater()
  }

  async stop(sign: Sign): Promise<void> {
    const { claims } = this.#memory
    const cap = { ...recordOf(claims['cap']), msgType: 'Cancel', sent: new Date(this.#ctx.clock.now()).toISOString() }
    const { allClear } = this.#parts.devices.stored()
    const rest = Object.fromEntries(Object.entries(claims).filter(([name]) => !['audio', 'repeat', 'gapSec', 'siren'].includes(name)))
    await sign({ typ: 'alert', aud: this.#memory.aud, leaseSec: LEASE_SEC, prio: this.#alert.prio, claims: { ...rest, state: 'stop', cap, ...(allClear === null || this.#alert.drill ? {} : { closing: allClear }) } })
    this.#end()
  }

  progress(progress: DeviceProgress): void {
    const known = this.#progress.get(progress.id)
    if (known === undefined) return
    this.#progress.set(progress.id, mergeProgress(known, progress))
    this.#changed()
  }

  /** Ends with its lease: of a station that restarted in between. */
  watchLease(): void {
    this.#cancelRenewal = this.#ctx.scope.after(Math.max(0, this.#memory.leaseUntil * 1000 - this.#ctx.clock.now()), () => this.#end())
  }

  lapse(): void {
    this.#end(Math.min(this.#memory.leaseUntil * 1000, this.#ctx.clock.now()))
  }

  async #send(state: 'start'): Promise<void> {
    if (this.#sign === null) return
    const { exp } = await this.#sign({ typ: 'alert', aud: this.#memory.aud, leaseSec: LEASE_SEC, prio: this.#alert.prio, claims: { ...this.#memory.claims, state } })
    this.#memory = { ...this.#memory, leaseUntil: exp }
    this.#changed()
  }

  #renewLater(): void {
    this.#cancelRenewal = this.#ctx.scope.after(RENEW_MS, () => {
      if (this.#alert.state !== 'running') return
      if (this.#ctx.clock.now() > this.#alert.startedAt + MOST_MS) {
        this.watchLease()
        return
      }
      this.#send('start').catch((error: unknown) => this.#ctx.logger.error('an alert was not renewed', { aid: this.#alert.aid, error }))
      this.#renewLater()
    })
  }

  #end(at = this.#ctx.clock.now()): void {
    this.#cancelRenewal?.()
    this.#sign = null
    if (this.#alert.state === 'ended') return
    this.#alert = { ...this.#alert, state: 'ended', endedAt: Math.floor(at) }
    this.#changed()
  }

  #changed(): void {
    this.#parts.changed(this.alert(), this)
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}
