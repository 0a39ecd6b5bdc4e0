import type { BoardNotice } from '#contract/screens.ts'
import type { StationContext } from '../context.ts'
import type { DevicesRoom } from '../faces.ts'
import type { ImageShelf } from './images.ts'
import type { NoticeRecord, NoticeRows } from './notice-rows.ts'

/** The longest a screen may go on showing a notice of a station that died. Renewed when a third of it is used. */
const LEASE_SEC = 1800
const RENEW_MS = (LEASE_SEC / 3) * 1000
/** Below routine live and drills, above schedules. */
const PRIO = 4
const LANG = 'vi-VN'

export interface ShowingDeps {
  readonly devices: Pick<DevicesRoom, 'devices' | 'resolve' | 'publishLetter' | 'addContent'>
  readonly rows: NoticeRows
  readonly images: ImageShelf
  changed(noticeId: string): void
}

/** Approved notices → letters to screens: begins at their time, renews the lease, follows screens that come and go, takes them off at the end. */
export class Showing {
  readonly #ctx: Pick<StationContext, 'clock' | 'logger'>
  readonly #deps: ShowingDeps
  #queue: Promise<void> = Promise.resolve()
  readonly #offered = new Set<string>()

  constructor(ctx: Pick<StationContext, 'clock' | 'logger'>, deps: ShowingDeps) {
    this.#ctx = ctx
    this.#deps = deps
  }

  /** Brings what screens show in line with the notices. Calls follow each other. */
  refresh(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#refresh()).catch((error: unknown) => this.#ctx.logger.error('notices were not brought to the screens', { error }))
    return this.#queue
  }

  async #refresh(): Promise<void> {
    for (const record of this.#deps.rows.alive()) {
      try {
        await this.#bring(record)
      } catch (error) {
        // One notice that cannot be sent must not keep the others from the screens.
        this.#ctx.logger.error('a notice was not sent', { notice: record.id, error })
      }
    }
  }

  async #bring(record: NoticeRecord): Promise<void> {
    const now = this.#ctx.clock.now()
    const due = (record.state === 'approved' || record.state === 'shown') && now >= record.fromAt && now < record.toAt
    if (!due) {
      if (record.shownOn.length > 0) await this.#stop(record, record.shownOn)
      if ((record.state === 'approved' || record.state === 'shown') && now >= record.toAt) this.#turn(record, 'ended')
      return
    }
    const wanted = this.#screensOf(record)
    const gone = record.shownOn.filter((id) => !wanted.includes(id))
    const added = wanted.some((id) => !record.shownOn.includes(id))
    if (gone.length > 0) await this.#stop(record, gone)
    const renewAt = record.leaseUntil - LEASE_SEC * 1000 + RENEW_MS
    if (wanted.length === 0) this.#deps.rows.sent(record.id, 0, [])
    else if (added || gone.length > 0 || now >= renewAt || record.state === 'approved') await this.#start(record, wanted)
    if (record.state === 'approved' && wanted.length > 0) this.#turn(record, 'shown')
  }

  /** Active screens among the targets: radios would only refuse the letter. */
  #screensOf(notice: BoardNotice): string[] {
    const screens = new Set(this.#deps.devices.devices().filter((device) => device.kind === 'screen').map((device) => device.id))
    return this.#deps.devices.resolve(this.#existing(notice.targets)).deviceIds.filter((id) => screens.has(id)).sort()
  }
  /** Units and devices may have been removed since the notice was written. */
  #existing(targets: BoardNotice['targets']): BoardNotice['targets'] {
    const known = new Set(this.#deps.devices.devices().map((device) => device.id))
    const unitIds = targets.unitIds.filter((id) => {
      try {
        this.#deps.devices.resolve({ unitIds: [id], deviceIds: [] })
        return true
      } catch {
        return false
      }
    })
    return { unitIds, deviceIds: targets.deviceIds.filter((id) => known.has(id)) }
  }

  async #start(record: NoticeRecord, screens: readonly string[]): Promise<void> {
    const image = record.image === null ? null : this.#deps.images.get(record.image)
    if (image !== null && !this.#offered.has(image.sha256)) {
      await this.#deps.devices.addContent(image.path, image.mime, { pinned: false, title: record.title })
      this.#offered.add(image.sha256)
    }
    const leaseSec = Math.max(1, Math.min(LEASE_SEC, Math.ceil((record.toAt - this.#ctx.clock.now()) / 1000)))
    const sent = await this.#deps.devices.publishLetter({
      typ: 'screen', aud: screens.map((id) => `d/${id}`), leaseSec, prio: PRIO,
      claims: {
        sid: record.id, state: 'start', title: record.title, layer: record.layer,
        panel: {
          template: 'notice', title: [{ lang: LANG, text: record.title }], ...(record.body === '' ? {} : { text: [{ lang: LANG, text: record.body }] }),
          ...(image === null ? {} : { items: [{ item: image.sha256, mime: image.mime, bytes: image.bytes, url: `/c/${image.sha256}`, fit: 'contain' }] }),
        },
      },
    })
    this.#deps.rows.sent(record.id, sent.exp * 1000, screens)
  }

  async #stop(record: NoticeRecord, screens: readonly string[]): Promise<void> {
    await this.#deps.devices.publishLetter({ typ: 'screen', aud: screens.map((id) => `d/${id}`), leaseSec: LEASE_SEC, prio: PRIO, claims: { sid: record.id, state: 'stop' } })
    this.#deps.rows.sent(record.id, 0, record.shownOn.filter((id) => !screens.includes(id)))
  }

  #turn(record: NoticeRecord, state: BoardNotice['state']): void {
    const { leaseUntil: _lease, shownOn: _shown, ...notice } = record
    this.#deps.rows.update({ ...notice, state, rev: notice.rev + 1 })
    this.#deps.changed(record.id)
  }
}
