import { fileURLToPath } from 'node:url'
import type { BoardNotice } from '#contract/screens.ts'
import { AppError } from '#contract/errors.ts'
import type { Caller, Room, StationContext } from '../context.ts'
import type { AirRoom, DevicesRoom, LogRoom, ProgrammeRoom } from '../faces.ts'
import { ImageShelf } from './images.ts'
import { NoticeRows, type NoticeRecord } from './notice-rows.ts'
import { serveKioskPage } from './page.ts'
import { Showing } from './showing.ts'
import { SlideShow } from './slide-show.ts'

export interface ScreensDeps {
  readonly devices: Pick<DevicesRoom, 'devices' | 'resolve' | 'publishLetter' | 'addContent'>
  /** Built kiosk page; default: beside the station's sources, `out/renderer/screen`. */
  readonly pageFolder?: string
  /** What sounds by plan and now, and the pictures of items by time: without it screens show notices alone. */
  readonly programme?: { readonly log: Pick<LogRoom, 'plan' | 'onPlan'>; readonly air: Pick<AirRoom, 'status'>; readonly slidesOf: ProgrammeRoom['slidesOf'] }
}
export interface ScreensRoom extends Room {
  /** Brings the screens in line now; for tests and the demo. */
  refresh(): Promise<void>
  /** Is this picture on the shelf? */
  hasImage(sha256: string): boolean
}

const TICK_MS = 2000
const builtPage = fileURLToPath(new URL('../../../out/renderer/screen', import.meta.url))

/** Notices on public screens: written, approved, shown for their time. */
export function openScreens(ctx: StationContext, deps: ScreensDeps): ScreensRoom {
  const rows = new NoticeRows(ctx)
  const images = new ImageShelf(ctx)
  const changed = (noticeId: string): void => ctx.events.emit('screens.changed', { noticeId })
  const showing = new Showing(ctx, { devices: deps.devices, rows, images, changed })

  serveKioskPage(ctx.http, deps.pageFolder ?? builtPage)
  ctx.http.add('files', 'image', async (request, response, rest) => {
    const image = /^[0-9a-f]{64}$/.test(rest) ? images.get(rest) : null
    if (image === null) {
      response.writeHead(404, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ code: 'not-found' }))
      return
    }
    await ctx.http.sendFile(request, response, image.path, { mime: image.mime, etag: image.sha256, immutable: true })
  })
  const slides = deps.programme === undefined ? null : new SlideShow(ctx, { devices: deps.devices, images, ...deps.programme })
  const bring = async (): Promise<void> => {
    await showing.refresh()
    await slides?.refresh()
  }
  ctx.scope.every(TICK_MS, () => void bring())
  if (deps.programme !== undefined) ctx.scope.add(deps.programme.log.onPlan(() => void slides?.refresh()))
  // A screen that was just paired or switched on shows what is running without waiting.
  ctx.scope.add(ctx.events.on('devices.changed', (device) => {
    if (device.kind === 'screen') void bring()
  }))
  // Orders under way are finished before the rooms below close.
  ctx.scope.add(() => showing.refresh())

  const publicPart = ({ leaseUntil: _lease, shownOn: _shown, ...notice }: NoticeRecord): BoardNotice => notice
  const told = (notice: BoardNotice): BoardNotice => {
    changed(notice.id)
    void showing.refresh()
    return notice
  }
  const step = (caller: Caller, id: string, rev: number, from: readonly BoardNotice['state'][], state: BoardNotice['state']): BoardNotice => {
    const record = rows.requireAt(id, rev)
    if (!from.includes(record.state)) throw new AppError('step-refused')
    const notice: BoardNotice = { ...publicPart(record), state, rev: record.rev + 1 }
    ctx.db.transaction(() => {
      rows.update(notice)
      ctx.audit.append(caller, `screens.${state}`, id, { title: notice.title })
    })()
    return told(notice)
  }

  return {
    refresh: bring,
    hasImage: (sha256) => images.get(sha256) !== null,
    handlers: {
      'screens.list': () => ({ notices: rows.all().map(publicPart), screenUrl: `${ctx.studioUrl}/screen/` }),
      'screens.importImage': async ({ path }, caller) => {
        const image = await images.add(path)
        ctx.audit.append(caller, 'screens.importImage', image.sha256, { bytes: image.bytes, mime: image.mime })
        return { sha256: image.sha256, widthPx: image.widthPx, heightPx: image.heightPx }
      },
      'screens.save': ({ noticeId, rev, ...content }, caller) => {
        if (content.toAt <= content.fromAt) throw new AppError('invalid-input', { data: { field: 'toAt' } })
        if (content.image !== null && images.get(content.image) === null) throw new AppError('image-unreadable')
        if (noticeId === null) {
          const notice: BoardNotice = { ...content, id: ctx.newId(), state: 'draft', rev: 1 }
          ctx.db.transaction(() => {
            rows.insert(notice)
            ctx.audit.append(caller, 'screens.create', notice.id, { title: notice.title })
          })()
          return told(notice)
        }
        const record = rows.requireAt(noticeId, rev)
        // What was approved is what is shown: a change of it is a new notice.
        if (record.state !== 'draft') throw new AppError('step-refused')
        const notice: BoardNotice = { ...content, id: noticeId, state: 'draft', rev: record.rev + 1 }
        ctx.db.transaction(() => {
          rows.update(notice)
          ctx.audit.append(caller, 'screens.change', notice.id, { title: notice.title })
        })()
        return told(notice)
      },
      'screens.approve': ({ noticeId, rev }, caller) => {
        if (rows.requireAt(noticeId, rev).toAt <= ctx.clock.now()) throw new AppError('step-refused')
        return step(caller, noticeId, rev, ['draft'], 'approved')
      },
      'screens.end': ({ noticeId, rev }, caller) => step(caller, noticeId, rev, ['approved', 'shown'], 'ended'),
      'screens.remove': async ({ noticeId, rev }, caller) => {
        const record = rows.requireAt(noticeId, rev)
        if (record.state === 'approved' || record.state === 'shown') step(caller, noticeId, rev, ['approved', 'shown'], 'ended')
        // Its stop letter goes out before it is forgotten.
        await showing.refresh()
        ctx.db.transaction(() => {
          rows.remove(noticeId)
          ctx.audit.append(caller, 'screens.remove', noticeId, { title: record.title })
        })()
        changed(noticeId)
        return { ok: true }
      },
    },
  }
}
