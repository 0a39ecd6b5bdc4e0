import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AlertAudio } from '#common/letters/index.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import type { DevicesRoom, LibraryRoom, MediaRoom } from '../faces.ts'

/** Longest message of an alert: the siren sounds meanwhile, so encoding may take a moment, not minutes. */
const MOST_SECONDS = 300

/** The gate of alerts: only an approved item is spoken. Gives the speech as radios fetch it. */
export async function prepareMessage(ctx: Pick<StationContext, 'folders' | 'newId'>, deps: { devices: Pick<DevicesRoom, 'addContent'>; library: Pick<LibraryRoom, 'get' | 'pcmOf'>; media: Pick<MediaRoom, 'encode'> }, itemId: string): Promise<AlertAudio> {
  const item = deps.library.get(itemId)
  if (item === null) throw new AppError('not-found')
  if (item.state !== 'approved') throw new AppError('not-approved')
  const pcm = await deps.library.pcmOf(itemId)
  if (pcm === null) throw new AppError('file-missing')
  if (pcm.length > MOST_SECONDS * 48_000) throw new AppError('file-too-long', { data: { maxHours: MOST_SECONDS / 3600 } })
  const file = join(ctx.folders.temp, `alert-${ctx.newId()}.ogg`)
  try {
    await deps.media.encode(pcm.path, file, { format: 'opus', kbps: 64, channels: 1, title: item.title, signal: AbortSignal.timeout(20_000) })
    const durMs = Math.max(1, Math.round(pcm.length / 48))
    const { sha256, bytes, url } = await deps.devices.addContent(file, 'audio/ogg', { pinned: true, title: item.title, durMs })
    return { lang: 'vi-VN', sha256, bytes, url, durMs, mime: 'audio/ogg' }
  } finally {
    await rm(file, { force: true })
  }
}
