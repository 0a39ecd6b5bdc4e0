import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { EmergencySet } from '#common/letters/index.ts'
import type { StationContext } from '../../context.ts'
import type { MediaRoom } from '../../faces.ts'
import type { ContentShelf, StoredContent } from '../listener/content.ts'

const LANG = 'vi-VN'
const PROFILE = 'opus-64-mono'

/** Hazards the stored set knows, with what is spoken when an alert's own speech cannot be fetched. */
export const HAZARDS = {
  'lu-quet': 'Cảnh báo lũ quét, sạt lở đất. Bà con khẩn trương rời khỏi khu vực ven suối, chân đồi, đến nơi cao và an toàn. Đề nghị bà con theo dõi thông báo tiếp theo.',
  'bao': 'Cảnh báo bão. Bà con chằng chống nhà cửa, không ra khơi, ở nơi an toàn và theo dõi thông báo tiếp theo.',
  'xa-lu': 'Thông báo xả lũ hồ chứa. Bà con vùng hạ du không xuống sông, suối, khẩn trương đưa người và tài sản lên nơi cao.',
  'chay': 'Cảnh báo cháy. Bà con rời khỏi khu vực nguy hiểm, gọi số một một bốn và làm theo hướng dẫn của lực lượng chữa cháy.',
  'khac': 'Thông báo khẩn cấp. Bà con chú ý giữ an toàn và theo dõi thông báo tiếp theo trên loa truyền thanh.',
} as const
export const SIRENS = ['lu-quet', 'khac'] as const
export type SirenName = (typeof SIRENS)[number]

const PHRASES = {
  allClear: 'Thông báo: tình huống khẩn cấp đã kết thúc. Bà con trở lại sinh hoạt bình thường. Xin cảm ơn.',
  correction: 'Đính chính: thông báo khẩn cấp vừa phát là nhầm. Bà con yên tâm, không có tình huống khẩn cấp. Xin lỗi bà con.',
  drill: 'Đây là diễn tập. Đây là diễn tập. Không có tình huống khẩn cấp.',
  wait: 'Tín hiệu tạm thời gián đoạn. Xin bà con chờ trong giây lát.',
} as const

export interface EmergencyParts {
  readonly media: Pick<MediaRoom, 'encode' | 'openPcm'>
  /** Writes a siren as 48 kHz WAV. */
  siren(name: SirenName, path: string): Promise<void>
  /** Speaks and gives the path of a 48 kHz WAV that stays where it is. */
  speak(text: string): Promise<string>
  /** What is not on the shelf yet is made no sooner: it takes a processor for half a minute, which a station that starts needs for itself. */
  readonly makeAfterMs?: number
}
export interface EmergencyContent { readonly set: EmergencySet; readonly content: readonly StoredContent[] }

/** Makes the stored set once; afterwards it comes from the shelf. What cannot be made is left out and tried at the next start. */
export async function makeEmergencySet(ctx: Pick<StationContext, 'folders' | 'logger' | 'newId'>, shelf: ContentShelf, parts: EmergencyParts, signal: AbortSignal): Promise<EmergencyContent> {
  const content: StoredContent[] = []
  let calm: Promise<void> | null = null
  const keep = async (source: string, title: string, make: (folder: string) => Promise<string>): Promise<string | null> => {
    const known = shelf.encodedAs(source, PROFILE)
    if (known !== null) {
      content.push(known)
      return known.sha256
    }
    await (calm ??= wait(parts.makeAfterMs ?? 0, undefined, { signal }).catch(() => undefined))
    if (signal.aborted) return null
    const stem = join(ctx.folders.temp, `emg-${ctx.newId()}`)
    try {
      const wav = await make(stem)
      const pcm = await parts.media.openPcm(wav)
      await parts.media.encode(wav, `${stem}.ogg`, { format: 'opus', kbps: 64, channels: 1, title, signal })
      const stored = await shelf.add(`${stem}.ogg`, 'audio/ogg', { pinned: true, title, durMs: Math.round(pcm.length / 48) })
      shelf.rememberEncode(source, PROFILE, stored.sha256)
      content.push(stored)
      return stored.sha256
    } catch (error) {
      if (!signal.aborted) ctx.logger.error('a stored emergency sound cannot be made', { source, error })
      return null
    } finally {
      await rm(`${stem}.ogg`, { force: true })
      await rm(`${stem}.wav`, { force: true })
    }
  }
  const sirens: Record<string, string> = {}
  for (const name of SIRENS) {
    const sha256 = await keep(`siren:${name}:1`, `siren ${name}`, async (stem) => {
      await parts.siren(name, `${stem}.wav`)
      return `${stem}.wav`
    })
    if (sha256 !== null) sirens[name] = sha256
  }
  const speech = (id: string, text: string): Promise<string | null> => keep(`speech:${id}:${text}`, id, () => parts.speak(text))
  const generic: Record<string, Record<string, string>> = {}
  for (const [hazard, text] of Object.entries(HAZARDS)) {
    const sha256 = await speech(`generic-${hazard}`, text)
    if (sha256 !== null) generic[hazard] = { [LANG]: sha256 }
  }
  const spoken: Record<string, string> = {}
  for (const [name, text] of Object.entries(PHRASES)) {
    const sha256 = await speech(name, text)
    if (sha256 !== null) spoken[name] = sha256
  }
  const byLang = (name: keyof typeof PHRASES): Record<string, string> | undefined => (spoken[name] === undefined ? undefined : { [LANG]: spoken[name] })
  const [allClear, correction, drill] = [byLang('allClear'), byLang('correction'), byLang('drill')]
  return {
    content,
    set: { sirens, generic, ...(allClear === undefined ? {} : { allClear }), ...(correction === undefined ? {} : { correction }), ...(drill === undefined ? {} : { drill }), ...(spoken['wait'] === undefined ? {} : { wait: spoken['wait'] }) },
  }
}
