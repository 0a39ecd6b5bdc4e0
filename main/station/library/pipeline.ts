import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname, basename } from 'node:path'
import { cleanCues, noCues } from '#common/cues/index.ts'
import { playGainDb } from '#common/levels/index.ts'
import { titleOf } from '#common/text/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import type { Item, Loudness } from '#contract/library.ts'
import type { JobHandle, StationContext } from '../context.ts'
import type { MediaProbe, MediaRoom, PcmFile } from '../faces.ts'
import { isStamp } from '../foundation/stamp.ts'
import { partOf, pcmFromHeader, readWav, rmsPathOf } from '../media/index.ts'
import { syncFolder } from '../store/files.ts'
import type { ItemStore } from './items.ts'
import { judgeClaim, judgeLength, judgePeak, MAX_SECONDS } from './judge.ts'
import { readTags } from './read-tags.ts'
import type { Relink } from './relink.ts'
import type { Place, Sound, Wish } from './rows.ts'
import { endingOf } from './shelf.ts'
import type { Shelf } from './shelf.ts'
import type { Stay } from './stay.ts'
import { needRoom, takeIn } from './take-in.ts'
import type { TakenIn } from './take-in.ts'

export interface Pipeline {
  /**
   * One file from its owner's folder into the library: copy and hash, sniff, decode, judge, measure, rename, record. One that is used in place is hashed
   * only, and read where it stands. Whatever fails, nothing of it stays, and the owner's file is as it was.
   * @throws AppError duplicate, or the reason for which the file is refused
   */
  run(source: string, wish: Wish, job: Pick<JobHandle, 'signal' | 'progress'>): Promise<Item>
}

export function createPipeline(ctx: Pick<StationContext, 'folders' | 'db' | 'clock' | 'audit' | 'settings' | 'newId' | 'logger'>, deps: { media: MediaRoom; items: ItemStore; shelf: Shelf; relink: Relink; stay: Stay }): Pipeline {
  const { media, items, shelf, relink, stay } = deps
  /** Imports of the same content go one after the other: the second then finds the first. */
  const inFlight = new Map<string, Promise<unknown>>()

  const refuseTwin = async (source: string, part: string | null, taken: TakenIn, signal: AbortSignal) => {
    const twin = items.bySha256(taken.sha256)
    if (twin === null) return
    // The sound of that item may have been lost: then this file is it.
    if (part !== null) await relink.adopt(part, twin)
    else await relink.restore(source, taken, twin, signal)
    throw new AppError('duplicate', { data: { title: twin.item.title, itemId: twin.item.id, number: twin.item.number } })
  }

  /** The PCM of the file, measured: itself when it can be addressed as it is, else a mezzanine beside the library. */
  async function soundOf(part: string, probe: MediaProbe, sha256: string, job: Pick<JobHandle, 'signal' | 'progress'>): Promise<{ pcm: PcmFile; kind: Sound['pcm']; loudness: Loudness }> {
    const judged = (pcm: PcmFile, declaredSeconds: number | null): Promise<Loudness> => {
      judgeLength({ declaredSeconds, hasVideo: probe.hasVideo }, pcm.length)
      return measure(pcm, sha256, job)
    }
    if (probe.container === 'wav') {
      const direct = await readWav(part).then((header) => pcmFromHeader(part, header), streamedOrCompressed)
      if (direct !== null && direct.channels <= 2) return { pcm: direct, kind: 'original', loudness: await judged(direct, null) }
    }
    const channels = Math.min(2, probe.channels)
    if (probe.declaredSeconds !== null) await needRoom(ctx.folders.mezzanine, probe.declaredSeconds * RATE_HZ * channels * (probe.bits / 8))
    const found: { loudness: Loudness | null } = { loudness: null }
    const pcm = await media.decodeToPcm(part, shelf.mezzanine({ sha256 }), {
      bits: probe.bits, channels, signal: job.signal, maxSeconds: MAX_SECONDS, ...(probe.declaredSeconds === null ? {} : { expectedSeconds: probe.declaredSeconds }),
      progress: (value) => job.progress(value === null ? null : 0.1 + value * 0.4),
      // Long sounds need the disk for longer than they take to be measured: neither waits for the other.
      meanwhile: async (made) => {
        found.loudness = await judged(made, probe.declaredSeconds)
      },
    })
    if (found.loudness === null) throw new AppError('internal')
    return { pcm, kind: 'mezzanine', loudness: found.loudness }
  }

  async function measure(pcm: PcmFile, sha256: string, job: Pick<JobHandle, 'signal' | 'progress'>): Promise<Loudness> {
    const failed = new AbortController()
    const signal = AbortSignal.any([job.signal, failed.signal])
    const seconds = pcm.length / RATE_HZ
    const stopOther = (error: unknown): never => {
      failed.abort(error)
      throw error
    }
    const peaks = media.writePeaks(pcm, shelf.peaks({ sha256 }), { signal }).then(({ peak }) => judgePeak(peak)).catch(stopOther)
    const loudness = media.measureLoudness(pcm.path, signal, (at) => job.progress(0.5 + Math.min(1, at / seconds) * 0.5)).catch(stopOther)
    const [, measured] = await Promise.allSettled([peaks, loudness])
    // The first failure is the reason; the other one only obeyed the stop.
    if (failed.signal.aborted) throw failed.signal.reason
    if (measured.status === 'rejected') throw measured.reason
    return measured.value
  }

  /** `part`: our copy, to be renamed onto the shelf; null when the source is used where it stands. */
  async function build(source: string, part: string | null, taken: TakenIn, wish: Wish, job: Pick<JobHandle, 'signal' | 'progress'>): Promise<Item> {
    const { sha256 } = taken
    await refuseTwin(source, part, taken, job.signal)
    const file = part ?? source
    let original: string | null = null
    try {
      await refuseBrokenWav(file)
      const probe = await media.probe(file, job.signal)
      judgeClaim(probe)
      const { pcm, kind, loudness } = await soundOf(file, probe, sha256, job)
      const tags = await readTags(file)
      if (job.signal.aborted) throw new AppError('cancelled')
      const sound: Sound = { itemId: ctx.newId(), sha256, ending: kind === 'original' ? 'wav' : endingOf(probe.container, probe.codec, probe.hasVideo), pcm: kind, pcmBits: pcm.format === 'int16' ? 16 : 24, lengthSamples: pcm.length, fileName: basename(source).normalize('NFC'), place: part === null ? taken.place : null, mezzanineSha256: null }
      if (part === null) await refuseChanged(source, taken.place)
      else {
        const target = shelf.kept(sound)
        await rename(part, target)
        original = target
        syncFolder(dirname(target))
      }
      return record(sound, probe, pcm, loudness, tags.title, taken.sizeBytes, wish)
    } catch (error) {
      for (const leftover of [original, shelf.mezzanine({ sha256 }), shelf.peaks({ sha256 }), rmsPathOf(shelf.peaks({ sha256 }))]) if (leftover !== null) await rm(leftover, { force: true }).catch(() => undefined)
      throw error
    }
  }

  function record(sound: Sound, probe: MediaProbe, pcm: PcmFile, loudness: Loudness, tagTitle: string | undefined, sizeBytes: number, wish: Wish): Item {
    return ctx.db.transaction(() => {
      const item = items.insert({
        id: sound.itemId, title: wish.title ?? titleOf(tagTitle, sound.fileName), kind: wish.kind ?? 'speech', state: 'draft', tags: wish.tags ?? [], origin: 'tu-san-xuat', essential: false, lang: 'vi', note: '', sha256: sound.sha256, sizeBytes,
        codec: probe.codec, sourceRateHz: probe.rateHz, channels: pcm.channels, lengthSamples: pcm.length, loudness, playGainDb: playGainDb(loudness, ctx.settings.get().targetLufs, ctx.settings.get().ceilingDbtp),
        createdAt: Math.floor(ctx.clock.now()), createdBy: wish.who.name, approvedAt: null, approvedBy: null, returnedNote: null, rev: 1,
        cues: cleanCues(wish.cues ?? noCues, pcm.length) ?? noCues,
      }, sound, wish.who.personId)
      ctx.audit.append(wish.who, 'library.import', item.id, { number: item.number, title: item.title, sha256: item.sha256, lengthSamples: item.lengthSamples })
      return item
    })()
  }

  return {
    async run(source, wish, job) {
      const stays = wish.keep === 'inPlace' && wish.moveSource !== true && (await stay.mayStay(source))
      const part = stays ? null : partOf(shelf.kept({ sha256: ctx.newId(), ending: 'import' }))
      try {
        const taken = await takeIn(source, part, { signal: job.signal, progress: (value) => job.progress(value * 0.1) })
        while (inFlight.has(taken.sha256)) await inFlight.get(taken.sha256)?.catch(() => undefined)
        const building = build(source, part, taken, wish, job)
        inFlight.set(taken.sha256, building)
        try {
          return await building
        } finally {
          inFlight.delete(taken.sha256)
        }
      } finally {
        if (part !== null) await rm(part, { force: true }).catch(() => undefined)
      }
    },
  }
}

/** What was decoded and measured must be what was hashed. */
async function refuseChanged(source: string, place: Place): Promise<void> {
  if (!isStamp(await stat(source), place)) throw new AppError('file-unreadable', { data: { detail: 'changed' } })
}

/** A WAV written to a pipe carries "unknown" as its size, and a compressed one needs a decoder: both are honest, and go the long way. */
function streamedOrCompressed(error: unknown): null {
  if (error instanceof AppError && (error.code === 'unsupported-format' || (error.code === 'file-lying' && error.data['claim'] === 'data-size-unknown'))) return null
  throw error
}

/** ffmpeg would shorten a lying WAV without a word: our own reader looks first. */
async function refuseBrokenWav(path: string): Promise<void> {
  const file = await open(path, 'r')
  const magic = Buffer.alloc(12)
  try {
    await file.read(magic, 0, 12, 0)
  } finally {
    await file.close()
  }
  const isWav = ['RIFF', 'RF64', 'BW64'].includes(magic.toString('latin1', 0, 4)) && magic.toString('latin1', 8) === 'WAVE'
  if (isWav) await readWav(path).catch(streamedOrCompressed)
}
