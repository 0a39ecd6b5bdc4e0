import { plainMaster } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import type { LevelRow, LevelStandard, SoundPart, TreatedPart, Treatment } from '#contract/sound.ts'
import type { JobHandle, Room, StationContext, Who } from '../context.ts'
import type { EditorRoom, LibraryRoom, MediaRoom, PcmFile } from '../faces.ts'
import { openTools } from './abilities.ts'
import { serveCourse } from './course.ts'
import { levelMix, placesOf } from './level-mix.ts'
import { createMeasuredClips } from './measured-clips.ts'
import { openOrigins } from './origins.ts'
import { openPreviews } from './preview.ts'
import { createReports } from './reports.ts'
import { createStretches } from './stretches.ts'
import { treatPart } from './treat.ts'

export interface SoundDeps {
  readonly library: LibraryRoom
  readonly media: MediaRoom
  readonly editor: Pick<EditorRoom, 'edlOf' | 'prepare'>
}

export interface SoundRoom extends Room {
  /** The item at another speed, pitch kept: round(length × ratio) samples. A file for the air, which is made once and kept for two days. @throws AppError unsupported-format, ffmpeg-failed, disk-full */
  stretched(sha256: string, pcm: PcmFile, ratio: number): Promise<PcmFile>
}

/** Levels, clean-up, horns, stretch: sound is measured and made anew, never changed in place. */
export function openSound(station: StationContext, deps: SoundDeps): SoundRoom {
  const ctx: StationContext = { ...station, scope: station.scope.child('sound'), logger: station.logger.child('sound') }
  const { library, media, editor } = deps
  const tools = openTools(ctx, media)
  const origins = openOrigins(ctx)
  const reports = createReports(ctx.jobs)
  const clips = createMeasuredClips(deps)
  const previews = openPreviews(ctx, { library, media, tools })
  serveCourse(ctx, deps)

  const standardOf = (wish: LevelStandard | null): LevelStandard => wish ?? { targetLufs: ctx.settings.get().targetLufs, ceilingDbtp: ctx.settings.get().ceilingDbtp }

  /** One part after the other, each with its share of the progress. */
  async function treatAll(parts: readonly SoundPart[], treatment: Treatment, who: Who, job: JobHandle): Promise<TreatedPart[]> {
    const whole = parts.reduce((sum, part) => sum + part.length, 0)
    const made: TreatedPart[] = []
    let done = 0
    for (const part of parts) {
      const share = part.length / whole
      const progress = (value: number) => job.progress(done + share * value)
      made.push(await treatPart(ctx, { library, media, tools, origins }, part, treatment, standardOf(null), who, { signal: job.signal, outside: job.outside, progress }))
      done += share
      job.progress(done)
    }
    return made
  }

  async function levelItems(itemIds: readonly string[], standard: LevelStandard, copies: boolean, who: Who, job: JobHandle): Promise<LevelRow[]> {
    const parts = itemIds.map((itemId): SoundPart => ({ key: itemId, itemId, offset: samples(0), length: samples(itemOf(itemId).lengthSamples) }))
    const rows = await clips.rows(parts, standard, { signal: job.signal, outside: job.outside, progress: (value) => job.progress(copies ? value * 0.3 : value) })
    if (!copies) return rows
    const limited = parts.filter((_, n) => rows[n]?.outcome === 'limited')
    const made = new Map<string, TreatedPart>()
    for (const [n, part] of limited.entries()) {
      const [copy] = await treatAll([part], { kind: 'level', standard }, who, { ...job, progress: (value) => job.progress(0.3 + 0.7 * ((n + (value ?? 0)) / limited.length)) })
      if (copy !== undefined) made.set(part.key, copy)
    }
    return rows.map((row) => {
      const copy = made.get(row.key)
      return copy?.level === undefined || copy.level === null ? row : { ...copy.level, key: row.key, title: row.title, newItemId: copy.itemId }
    })
  }
  function itemOf(itemId: string) {
    const item = library.get(itemId)
    if (item === null) throw new AppError('not-found')
    return item
  }
  const whoOf = (caller: { personId: string | null; name: string }): Who => ({ personId: caller.personId, name: caller.name })

  return {
    stretched: createStretches(ctx, { media, tools }),
    handlers: {
      'sound.abilities': () => tools.abilities(),
      'sound.measureClips': ({ title, parts, standard: wish }) => {
        for (const { itemId } of parts) itemOf(itemId)
        return reports.start(title, async (job) => {
          const standard = standardOf(wish)
          const rows = await clips.rows(parts, standard, job)
          if (rows.every(({ outcome }) => outcome === 'undefined')) throw new AppError('loudness-undefined')
          return { kind: 'clips', standard, rows }
        })
      },
      'sound.measureProject': async ({ projectId, rev, title, standard: wish }) => {
        const project = await editor.edlOf(projectId)
        if (project.rev !== rev) throw new AppError('edit-conflict', { data: { rev: project.rev } })
        return reports.start(title, async (job) => {
          const standard = standardOf(wish)
          const edl = { ...project.edl, master: plainMaster }
          await job.outside(editor.prepare(edl))
          const { row, master } = await levelMix(media, { edl, places: await placesOf(library, edl), key: projectId, title }, standard, job)
          return { kind: 'project', standard, row, master }
        })
      },
      'sound.levelItems': ({ title, itemIds, standard: wish, copies }, caller) => {
        for (const itemId of itemIds) itemOf(itemId)
        return reports.start(title, async (job) => {
          const standard = standardOf(wish)
          const rows = await levelItems(itemIds, standard, copies, whoOf(caller), job)
          if (rows.every(({ outcome }) => outcome === 'undefined')) throw new AppError('loudness-undefined')
          return { kind: 'items', standard, rows }
        })
      },
      'sound.treat': ({ title, parts, treatment }, caller) => {
        for (const { itemId } of parts) itemOf(itemId)
        return reports.start(title, async (job) => ({ kind: 'treated', parts: await treatAll(parts, treatment, whoOf(caller), job) }))
      },
      'sound.preview': (input, caller) => previews.make(input, caller),
      'sound.report': ({ jobId }) => reports.of(jobId),
      'sound.originOf': ({ itemId }) => {
        const origin = origins.of(itemOf(itemId).id)
        return { origin: origin === null ? null : { ...origin, fromTitle: library.get(origin.fromItemId)?.title ?? '' } }
      },
    },
  }
}
