import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DateTime } from 'luxon'
import { z } from 'zod'
import { isRecord, LEASE_LIMITS, MAX_MANIFEST_BYTES } from '#common/letters/index.ts'
import type { EmergencySet, ManifestPointer, ScheduleSlot } from '#common/letters/index.ts'
import { validateBs1 } from '#contract/bs1-schema.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../../context.ts'
import type { CompiledPlan, MediaRoom, PlannedPlay } from '../../faces.ts'
import { isAsItWas } from '../../foundation/stamp.ts'
import type { Outbox } from '../letters/outbox.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { ContentShelf, StoredContent } from '../listener/content.ts'
import { compileManifest } from './compile.ts'
import type { EmergencyContent } from './emergency-set.ts'

/** Mono Opus for loudspeakers: decoded speech still correlates above 0.99 with its source. */
export const PROGRAMME_KBPS = 96
const PROFILE = `opus-${PROGRAMME_KBPS}-mono`
/** Several edits of the log at once make one manifest. */
const DEBOUNCE_MS = 300
const Row = z.object({ ver: z.number(), sha256: z.string(), bytes: z.number(), body: z.string(), content: z.string() })
type Row = z.infer<typeof Row>

export interface PublisherDeps {
  readonly media: Pick<MediaRoom, 'encode'>
  readonly shelf: ContentShelf
  readonly keys: Keyring
  readonly outbox: Outbox
  readonly zone: () => string
  groupsOf(unitIds: readonly string[]): readonly string[]
  /** A new manifest stands: tell the devices. */
  published(): void
}

/** Keeps the manifest equal to the plan: encodes what is due next first, and publishes as soon as something changed. */
export class ManifestPublisher {
  readonly #ctx: Pick<StationContext, 'folders' | 'db' | 'clock' | 'logger' | 'scope' | 'newId'>
  readonly #deps: PublisherDeps
  readonly #ending = new AbortController()
  #plan: CompiledPlan | null = null
  #emergency: EmergencyContent = { set: {}, content: [] }
  #current: Row | null
  #slots: readonly ScheduleSlot[]
  #cancelTimer: (() => void) | null = null
  #working: Promise<void> = Promise.resolve()
  #again = false
  #busy = false
  readonly #unplayable = new Set<string>()

  constructor(ctx: Pick<StationContext, 'folders' | 'db' | 'clock' | 'logger' | 'scope' | 'newId'>, deps: PublisherDeps) {
    this.#ctx = ctx
    this.#deps = deps
    this.#current = Row.nullable().parse(ctx.db.prepare('SELECT ver, sha256, bytes, body, content FROM manifests ORDER BY ver DESC LIMIT 1').get() ?? null)
    this.#slots = this.#current === null ? [] : slotsOf(this.#current.content)
    ctx.scope.add(() => this.#ending.abort())
  }

  pointer(): ManifestPointer | null {
    return this.#current === null ? null : { ver: this.#current.ver, url: `/m/${this.#current.ver}.jws`, sha256: this.#current.sha256, bytes: this.#current.bytes }
  }

  get(ver: number): { body: string; sha256: string } | null {
    const row = Row.nullable().parse(this.#ctx.db.prepare('SELECT ver, sha256, bytes, body, content FROM manifests WHERE ver = ?').get(ver) ?? null)
    return row === null ? null : { body: row.body, sha256: row.sha256 }
  }

  emergency(): EmergencySet {
    return this.#emergency.set
  }

  titleOf(slot: string): string | null {
    return this.#slots.find((entry) => entry.slot === slot)?.title ?? null
  }

  setPlan(plan: CompiledPlan): void {
    this.#plan = plan
    this.touch()
  }

  setEmergency(emergency: EmergencyContent): void {
    this.#emergency = emergency
    this.touch()
  }

  /** Something a manifest is made of changed. */
  touch(): void {
    this.#again = true
    if (this.#cancelTimer !== null || this.#busy) return
    this.#cancelTimer = this.#ctx.scope.after(DEBOUNCE_MS, () => {
      this.#cancelTimer = null
      this.#busy = true
      this.#working = this.#work().catch((error: unknown) => {
        if (!this.#ending.signal.aborted) this.#ctx.logger.error('the manifest cannot be made', { error })
      }).finally(() => {
        this.#busy = false
        if (this.#again && !this.#ending.signal.aborted) this.touch()
      })
    })
  }

  /** Waits for work under way; for tests and an orderly end. */
  async settled(): Promise<void> {
    do {
      await new Promise((resolve) => setTimeout(resolve, 20))
      await this.#working
    } while (this.#busy || this.#cancelTimer !== null)
  }

  async #work(): Promise<void> {
    this.#again = false
    for (;;) {
      const missing = await this.#publish()
      const next = missing.filter((play) => !this.#unplayable.has(play.sha256)).sort((a, b) => a.startAt - b.startAt)[0]
      // A new plan may need something else first.
      if (next === undefined || this.#again || this.#ending.signal.aborted) return
      if (!(await this.#encode(next))) return
    }
  }

  /** False when the plan is about to change: the log notices what happened to the file. */
  async #encode(play: PlannedPlay): Promise<boolean> {
    const file = join(this.#ctx.folders.temp, `programme-${this.#ctx.newId()}.ogg`)
    try {
      await this.#deps.media.encode(play.pcm.path, file, { format: 'opus', kbps: PROGRAMME_KBPS, channels: 1, title: play.title, signal: this.#ending.signal })
      if (!(await isAsItWas(play.pcm))) throw new AppError('file-changed', { data: { fileName: play.title } })
      const stored = await this.#deps.shelf.add(file, 'audio/ogg', { pinned: false, title: play.title, durMs: Math.max(1, Math.round(play.pcm.length / 48)) })
      this.#deps.shelf.rememberEncode(play.sha256, PROFILE, stored.sha256)
      return true
    } catch (error) {
      if (error instanceof AppError && error.code === 'file-changed') return false
      // One bad file must not keep the rest of the day from the radios; it is tried again after the next start.
      this.#unplayable.add(play.sha256)
      if (!this.#ending.signal.aborted) this.#ctx.logger.error('a programme cannot be encoded for radios', { item: play.itemId, error })
      return true
    } finally {
      await rm(file, { force: true })
    }
  }

  /** Publishes when the content changed. Gives what still has to be encoded. */
  async #publish(): Promise<readonly PlannedPlay[]> {
    const zone = this.#deps.zone()
    const now = this.#ctx.clock.now()
    const compiled = compileManifest({
      plays: this.#plan?.plays ?? [], now, emergency: this.#emergency, before: this.#slots,
      localTime: (at) => DateTime.fromMillis(at, { zone }).toFormat("yyyy-LL-dd'T'HH:mm:ss"),
      instantText: (at) => new Date(at).toISOString(),
      slotStart: (slot) => DateTime.fromISO(slot.start, { zone }).toMillis(),
      groupsOf: this.#deps.groupsOf,
      contentOf: (play): StoredContent | null => this.#deps.shelf.encodedAs(play.sha256, PROFILE),
      itemOf: (content, keep, until) => this.#deps.shelf.manifestItem(content, keep, until),
    })
    // Without a plan there is nothing to say yet, and what devices hold stays in force.
    if (this.#plan === null && this.#current !== null && Object.keys(this.#emergency.set).length === 0) return []
    const offMin = DateTime.fromMillis(now, { zone }).offset
    const content = JSON.stringify({ tz: zone, offMin, items: compiled.items, sched: compiled.sched, emg: this.#emergency.set, ep: this.#deps.keys.epoch })
    if (content === this.#current?.content) return compiled.missing
    const iat = Math.floor(now / 1000)
    const ver = Math.max((this.#current?.ver ?? 0) + 1, iat)
    const claims = {
      v: 1, typ: 'manifest', id: this.#ctx.newId(), org: this.#deps.keys.org, iss: this.#deps.keys.iss, aud: ['g/all'], iat, exp: iat + LEASE_LIMITS.manifest, ep: this.#deps.keys.epoch, ver, tz: zone, offMin,
      validFrom: new Date(iat * 1000).toISOString(), validTo: new Date(Math.max(compiled.validTo, (iat + LEASE_LIMITS.manifest) * 1000)).toISOString(), items: compiled.items, sched: compiled.sched, emg: this.#emergency.set,
    }
    const body = await this.#deps.outbox.sign(claims, 'manifest', this.#deps.keys.routine, MAX_MANIFEST_BYTES)
    const row: Row = { ver, sha256: createHash('sha256').update(body).digest('hex'), bytes: Buffer.byteLength(body), body, content }
    this.#ctx.db.prepare('INSERT INTO manifests (ver, sha256, bytes, body, content, made_at) VALUES (?, ?, ?, ?, ?, ?)').run(row.ver, row.sha256, row.bytes, row.body, row.content, Math.floor(now))
    this.#ctx.db.prepare('DELETE FROM manifests WHERE ver NOT IN (SELECT ver FROM manifests ORDER BY ver DESC LIMIT 50)').run()
    this.#current = row
    this.#slots = compiled.sched
    this.#deps.published()
    return compiled.missing
  }
}

function slotsOf(content: string): ScheduleSlot[] {
  const value: unknown = JSON.parse(content)
  const sched: unknown[] = isRecord(value) && Array.isArray(value['sched']) ? value['sched'] : []
  return sched.filter(isSlot)
}
function isSlot(value: unknown): value is ScheduleSlot {
  return validateBs1('slot', value)
}
