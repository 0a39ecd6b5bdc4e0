import { airRefusal } from '#common/approval/index.ts'
import type { AlertAudio } from '#common/letters/index.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import type { DevicesRoom, LibraryRoom, MediaRoom } from '../faces.ts'
import { isAsItWas } from '../foundation/stamp.ts'

export interface MessageDeps {
  readonly devices: Pick<DevicesRoom, 'contentOnce'>
  readonly library: Pick<LibraryRoom, 'get' | 'approvedPcmOf' | 'list'>
  readonly media: Pick<MediaRoom, 'encode'>
  readonly clock: Pick<StationContext['clock'], 'now'>
}

/** Longest message of an alert: people must hear it more than once. */
const MOST_SECONDS = 300
const KBPS = 64

/** The gate of alerts: only an approved item is spoken. Gives the speech as devices fetch it; encoded once per item. */
export async function prepareMessage(deps: MessageDeps, itemId: string, signal = AbortSignal.timeout(20_000)): Promise<AlertAudio> {
  const item = deps.library.get(itemId)
  if (item === null) throw new AppError('not-found')
  if (airRefusal(item, deps.clock.now()) !== null) throw new AppError('not-approved', { data: { title: item.title } })
  const pcm = await deps.library.approvedPcmOf(itemId)
  if (pcm === null) throw new AppError('file-missing')
  if (pcm.length > MOST_SECONDS * 48_000) throw new AppError('file-too-long', { data: { maxHours: MOST_SECONDS / 3600 } })
  const durMs = Math.max(1, Math.round(pcm.length / 48))
  const { sha256, bytes, url } = await deps.devices.contentOnce(`message:${item.sha256}:${item.playGainDb}`, 'audio/ogg', async (path) => {
    await deps.media.encode(pcm.path, path, { format: 'opus', kbps: KBPS, channels: 1, gainDb: item.playGainDb, title: item.title, signal })
    if (!(await isAsItWas(pcm))) throw new AppError('file-changed', { data: { fileName: item.title } })
    return { title: item.title, durMs }
  })
  return { lang: 'vi-VN', sha256, bytes, url, durMs, mime: 'audio/ogg' }
}

/** Approved messages are made ready ahead, one at a time: the button must not wait for an encoder. */
export function keepMessagesReady(ctx: Pick<StationContext, 'events' | 'scope' | 'logger'>, deps: MessageDeps): void {
  const stopping = new AbortController()
  ctx.scope.add(() => stopping.abort())
  const tried = new Set<string>()
  let working = false
  const work = async (): Promise<void> => {
    if (working) return
    working = true
    try {
      for (;;) {
        const next = deps.library.list().find((item) => item.kind === 'message' && airRefusal(item, deps.clock.now()) === null && !tried.has(item.sha256))
        if (next === undefined || stopping.signal.aborted) return
        tried.add(next.sha256)
        await prepareMessage(deps, next.id, stopping.signal).catch((error: unknown) => {
          if (!stopping.signal.aborted) ctx.logger.warn('a message is not ready ahead', { item: next.id, error })
        })
      }
    } finally {
      working = false
    }
  }
  void work()
  ctx.scope.add(ctx.events.on('library.changed', () => void work()))
}
