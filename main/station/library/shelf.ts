import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataFolders } from '../context.ts'
import { PART_ENDING } from '../media/index.ts'
import type { Sound } from './rows.ts'

/** Files of the library by content: `media/<sha256>.<ending>`, `mezzanine/<sha256>.wav`, `peaks/<sha256>.dat`; originals that were not copied where their owners keep them. */
export interface Shelf {
  /** The library's own place for an original: what may be written, renamed and deleted. */
  kept(sound: Pick<Sound, 'sha256' | 'ending'>): string
  /** Where the original stands: there, or in its owner's folder, where it is only ever read. */
  original(sound: Pick<Sound, 'sha256' | 'ending' | 'place'>): string
  mezzanine(sound: Pick<Sound, 'sha256'>): string
  peaks(sound: Pick<Sound, 'sha256'>): string
  pcm(sound: Pick<Sound, 'sha256' | 'ending' | 'pcm' | 'place'>): string
  /** Removes what an interrupted program left half-written. Never throws. */
  sweep(): Promise<void>
}

export function openShelf(folders: Pick<DataFolders, 'media' | 'mezzanine' | 'peaks'>): Shelf {
  const kept: Shelf['kept'] = ({ sha256, ending }) => join(folders.media, `${sha256}.${ending}`)
  const original: Shelf['original'] = (sound) => sound.place?.path ?? kept(sound)
  const mezzanine: Shelf['mezzanine'] = ({ sha256 }) => join(folders.mezzanine, `${sha256}.wav`)
  return {
    kept,
    original,
    mezzanine,
    peaks: ({ sha256 }) => join(folders.peaks, `${sha256}.dat`),
    pcm: (sound) => (sound.pcm === 'original' ? original(sound) : mezzanine(sound)),
    async sweep() {
      for (const folder of [folders.media, folders.mezzanine, folders.peaks]) {
        for (const name of await readdir(folder).catch(() => [])) {
          if (name.endsWith(PART_ENDING)) await rm(join(folder, name), { force: true }).catch(() => undefined)
        }
      }
    },
  }
}

/** The demuxer tells what the content is; the ending of the given name may lie. */
export function endingOf(container: string, codec: string, hasVideo: boolean): string {
  const first = container.split(',')[0] ?? ''
  if (first === 'mov') return hasVideo ? 'mp4' : 'm4a'
  if (first === 'ogg') return codec === 'opus' ? 'opus' : 'ogg'
  if (first === 'matroska') return hasVideo ? 'mkv' : 'mka'
  if (first === 'asf') return hasVideo ? 'wmv' : 'wma'
  const plain: Record<string, string> = { wav: 'wav', w64: 'w64', mp3: 'mp3', aac: 'aac', flac: 'flac', amr: 'amr', amrnb: 'amr', amrwb: 'awb', avi: 'avi', mpeg: 'mpg', mpegts: 'ts', aiff: 'aiff', caf: 'caf', flv: 'flv', au: 'au' }
  return plain[first] ?? 'bin'
}

const mimes: Record<string, string> = {
  wav: 'audio/wav', mp3: 'audio/mpeg', m4a: 'audio/mp4', mp4: 'video/mp4', flac: 'audio/flac', ogg: 'audio/ogg', opus: 'audio/ogg', aac: 'audio/aac', amr: 'audio/amr', awb: 'audio/amr-wb', mka: 'audio/x-matroska', mkv: 'video/x-matroska', aiff: 'audio/aiff',
}
export const mimeOf = (ending: string) => mimes[ending] ?? 'application/octet-stream'
