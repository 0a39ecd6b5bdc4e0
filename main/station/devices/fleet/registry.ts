import type { Ack, DeviceEvent, Online, Reported, Telemetry } from '#common/letters/index.ts'
import { parseReport } from '#contract/bs1-schema.ts'
import type { Device, DeviceProgress } from '#contract/devices.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../../context.ts'
import { DeviceRows } from './device-rows.ts'
import type { DeviceRow } from './device-rows.ts'
import { badgesOf, isStale, stateOf } from './presence.ts'
import type { DeviceFacts } from './presence.ts'

/** Live half of a device; the row is its durable half. */
interface Live {
  row: DeviceRow
  online: Online | null
  reported: Reported | null
  tele: Telemetry | null
  lastSeenAt: number | null
  heard: boolean
  playing: { ref: string; prio: number } | null
  preparing: Set<string>
  faults: Set<string>
  proofLevel: number | null
  shown: string
  dirty: boolean
}

export interface RegistryDeps {
  /** Priority and title of something that plays, by sid, aid, slot or command id. */
  describe(ref: string): { prio: number; title: string } | null
  progress(subject: string, progress: DeviceProgress): void
  acked(device: string, ref: string): void
  clockNeeded(device: string, nonce: string): void
}
/** Steps after which nothing more comes of an item. */
const OVER: ReadonlySet<string> = new Set(['done', 'failed', 'rejected', 'expired', 'preempted'])
const SOUNDING: ReadonlySet<string> = new Set(['started', 'sounding', 'resumed'])

/** Devices and what they say. Reports are parsed by the schema; what does not fit is counted and changes nothing. */
export class Registry {
  readonly rows: DeviceRows
  readonly #ctx: Pick<StationContext, 'db' | 'clock' | 'notices' | 'events' | 'logger'>
  readonly #deps: RegistryDeps
  readonly #devices = new Map<string, Live>()
  #linkUp = false
  #badReports = 0

  constructor(ctx: Pick<StationContext, 'db' | 'clock' | 'notices' | 'events' | 'logger'>, deps: RegistryDeps) {
    this.#ctx = ctx
    this.#deps = deps
    this.rows = new DeviceRows(ctx)
    this.reload()
  }

  /** Reports that did not fit the schema since the start. */
  get badReports(): number {
    return this.#badReports
  }

  /** Reads the rows again after a change; live facts stay. */
  reload(): void {
    const rows = this.rows.all().filter((row) => row.revokedAt === null)
    const ids = new Set(rows.map((row) => row.id))
    for (const id of this.#devices.keys()) if (!ids.has(id)) this.#devices.delete(id)
    for (const row of rows) {
      const known = this.#devices.get(row.id)
      // Another key is another device under the same name: nothing known about the old one counts.
      if (known !== undefined && known.row.certSerial === row.certSerial) known.row = row
      else this.#devices.set(row.id, { row, online: row.online, reported: row.reported, tele: row.tele, lastSeenAt: row.lastSeenAt, heard: false, playing: null, preparing: new Set(), faults: new Set(), proofLevel: null, shown: '', dirty: false })
    }
  }

  /** Notes a signed configuration without reading the table again. */
  setDesired(id: string, rev: number, cfg: string, until: number): void {
    this.rows.saveDesired(id, rev, cfg, until)
    const live = this.#devices.get(id)
    if (live !== undefined) live.row = { ...live.row, desiredRev: rev, desiredCfg: cfg, desiredUntil: until }
  }

  list(): DeviceRow[] {
    return [...this.#devices.values()].map((live) => live.row)
  }

  require(id: string): DeviceRow {
    const live = this.#devices.get(id)
    if (live === undefined) throw new AppError('device-unknown')
    return live.row
  }

  get(id: string): DeviceRow | null {
    return this.#devices.get(id)?.row ?? null
  }

  describe(id: string): Device {
    const live = this.#devices.get(id)
    if (live === undefined) throw new AppError('device-unknown')
    return this.#device(live)
  }

  isOnline(id: string): boolean {
    const live = this.#devices.get(id)
    return live !== undefined && !['offline', 'unknown', 'disabled'].includes(this.#device(live).state)
  }

  setLink(up: boolean): void {
    this.#linkUp = up
    // After a reconnect only what a device says now proves that it is there.
    if (!up) for (const live of this.#devices.values()) live.heard = false
    this.sweep()
  }

  /** States also change by silence. */
  sweep(): void {
    for (const live of this.#devices.values()) this.#show(live)
  }

  /** Durable half of what was heard, a few times a minute instead of with each beat. */
  save(): void {
    for (const live of this.#devices.values()) {
      if (!live.dirty) continue
      live.dirty = false
      this.rows.saveSeen(live.row.id, { lastSeenAt: live.lastSeenAt, online: live.online, reported: live.reported, tele: live.tele, fw: live.row.fw, hw: live.row.hw, simulated: live.row.simulated })
    }
  }

  receive(deviceId: string, report: 'online' | 'reported' | 'tele' | 'ack' | 'evt', body: Buffer, retained: boolean): void {
    const live = this.#devices.get(deviceId)
    if (live === undefined || body.length === 0) return
    const bad = (): void => {
      this.#badReports += 1
      this.#ctx.logger.warn('a report does not fit the schema', { device: deviceId, report })
    }
    if (report === 'online') {
      const online = parseReport('online', body)
      if (online === null) return bad()
      this.#online(live, online, retained)
    } else if (report === 'reported') {
      const reported = parseReport('reported', body)
      if (reported === null) return bad()
      live.reported = reported
      live.row = { ...live.row, fw: reported.fw, hw: reported.hw }
    } else if (report === 'tele') {
      const tele = parseReport('tele', body)
      if (tele === null) return bad()
      this.#tele(live, tele)
    } else if (report === 'ack') {
      const ack = parseReport('ack', body)
      if (ack === null) return bad()
      this.#ack(live, ack)
    } else {
      const event = parseReport('evt', body)
      if (event === null) return bad()
      this.#event(live, event)
    }
    // A stored message is a memory of the broker, not a sign of life.
    if (!retained && !(report === 'online' && live.online?.online === false)) {
      live.lastSeenAt = Math.floor(this.#ctx.clock.now())
      live.heard = true
    }
    live.dirty = true
    this.#show(live)
  }

  #online(live: Live, online: Online, retained: boolean): void {
    if (isStale(online, live.online)) return
    const changed = live.online?.online !== online.online || live.online.boot !== online.boot || live.online.conn !== online.conn
    live.online = online
    if (online.sim !== undefined) live.row = { ...live.row, simulated: online.sim }
    if (!online.online) {
      live.playing = null
      live.preparing.clear()
    }
    if (changed && !retained) this.rows.addReport(live.row.id, { at: Math.floor(this.#ctx.clock.now()), kind: 'online', summary: online.online ? 'online' : 'offline', code: online.reason ?? null, reportId: null })
  }

  #tele(live: Live, tele: Telemetry): void {
    live.tele = tele
    const sounding = tele.run === 'schedule' || tele.run === 'live' || tele.run === 'alert' || tele.run === 'test'
    if (sounding && tele.aud?.prio !== undefined) live.playing = { ref: tele.aud.ref ?? '', prio: tele.aud.prio }
    else if (tele.run !== undefined && !sounding) live.playing = null
    if (tele.run !== undefined && tele.run !== 'preparing') live.preparing.clear()
  }

  #ack(live: Live, ack: Ack): void {
    const subject = ack.subj ?? ack.ref
    this.#deps.acked(live.row.id, ack.ref)
    const at = Date.parse(ack.at)
    if (ack.rep !== true) this.rows.addReport(live.row.id, { at: Number.isNaN(at) ? Math.floor(this.#ctx.clock.now()) : at, kind: 'ack', summary: ack.st, code: ack.code === 'ok' ? null : ack.code, reportId: null })
    const known = this.#deps.describe(subject)
    if (SOUNDING.has(ack.st)) {
      live.preparing.delete(subject)
      if (known !== null) live.playing = { ref: subject, prio: known.prio }
    } else if (ack.st === 'ready') live.preparing.add(subject)
    else if (OVER.has(ack.st)) {
      live.preparing.delete(subject)
      if (live.playing?.ref === subject) live.playing = null
    }
    if (ack.ev?.lvl !== undefined) live.proofLevel = ack.ev.lvl
    this.#deps.progress(subject, { id: live.row.id, step: ack.st, code: ack.code, at: Number.isNaN(at) ? null : Math.floor(at), proofLevel: ack.ev?.lvl ?? null })
  }

  #event(live: Live, event: DeviceEvent): void {
    const at = Date.parse(event.at)
    const text = (key: string): string | null => {
      const value = event.d?.[key]
      return typeof value === 'string' ? value : null
    }
    const kept = this.rows.addReport(live.row.id, { at: Number.isNaN(at) ? Math.floor(this.#ctx.clock.now()) : Math.floor(at), kind: 'evt', summary: event.kind, code: text('code') ?? text('fault'), reportId: event.id })
    if (!kept || event.late === true) return
    const ref = text('ref') ?? ''
    const level = event.d?.['lvl']
    switch (event.kind) {
      case 'play.start':
        live.playing = { ref, prio: this.#deps.describe(ref)?.prio ?? 3 }
        break
      case 'play.end': case 'play.fail':
        if (live.playing?.ref === ref) live.playing = null
        if (typeof level === 'number' && Number.isInteger(level) && level >= 0 && level <= 3) live.proofLevel = level
        break
      case 'fault.set':
        live.faults.add(text('fault') ?? 'fault')
        break
      case 'fault.clear':
        live.faults.delete(text('fault') ?? 'fault')
        break
      case 'sec.reject':
        // Somebody, or a wrong clock, gave an order that the device did not obey: the operator must know without opening its history.
        this.#ctx.notices.raise('warning', new AppError('device-refused', { data: { device: live.row.name, code: text('code') ?? '' } }), live.row.id)
        break
      case 'clock.need': {
        const nonce = text('nonce')
        if (nonce !== null) this.#deps.clockNeeded(live.row.id, nonce)
        break
      }
    }
  }

  #facts(live: Live): DeviceFacts {
    return { mode: live.row.mode, online: live.online, lastSeenAt: live.lastSeenAt, heard: live.heard, tele: live.tele, reported: live.reported, playing: live.playing, preparing: live.preparing.size > 0, fault: live.faults.size > 0 }
  }

  #device(live: Live): Device {
    const facts = this.#facts(live)
    const state = stateOf(facts, this.#ctx.clock.now(), this.#linkUp)
    const { row } = live
    const manifest = live.reported?.manifest
    const playing = live.playing === null || !state.startsWith('playing') ? null : this.#deps.describe(live.playing.ref)?.title ?? ''
    return {
      id: row.id, kind: row.kind, name: row.name, unitId: row.unitId, mode: row.mode, simulated: row.simulated, state, badges: badgesOf(facts), lastSeenAt: live.lastSeenAt, playing, volumePct: row.volumePct, fw: row.fw, hw: row.hw,
      content: manifest === undefined ? null : { have: manifest.have, need: manifest.need, ver: manifest.ver }, proofLevel: live.proofLevel, rev: row.rev,
    }
  }

  #show(live: Live): void {
    const device = this.#device(live)
    // Last seen moves with every beat; windows hear of it with the next real change, or once a minute.
    const shown = JSON.stringify({ ...device, lastSeenAt: Math.floor((device.lastSeenAt ?? 0) / 60_000) })
    if (shown === live.shown) return
    live.shown = shown
    this.#ctx.events.emit('devices.changed', device)
  }
}
