import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#contract/errors.ts'
import { PREVIEW_MAX_SAMPLES } from '#contract/sound.ts'
import type { PreviewTreatment, SoundPreview } from '#contract/sound.ts'
import type { Caller, StationContext } from '../context.ts'
import type { LibraryRoom, MediaRoom } from '../faces.ts'
import type { SoundTools } from './abilities.ts'
import { cleanUpSteps, hornChain, hornEarChain } from './chains.ts'
import { noiseFloorDb } from './noise-floor.ts'
import { filtersOnly, runSteps } from './steps.ts'
import type { SoundSteps } from './steps.ts'
import { shifted } from './verdict.ts'

/** Pairs that stay on the disk: what is being listened to, and a few steps back of the slider. */
const KEPT = 6
const NAME = /^[0-9A-Z]{26}-(before|after)\.wav$/
/** Room left under full scale when one side has to be raised to the other. */
const TOP_DBTP = -0.3

export interface Previews {
  make(input: { itemId: string; range: { start: number; end: number }; treatment: PreviewTreatment }, caller: Caller): Promise<SoundPreview>
}

/** Excerpts before and after a treatment, equally loud, to be compared by ear. */
export function openPreviews(ctx: Pick<StationContext, 'folders' | 'http' | 'scope' | 'newId'>, deps: { library: LibraryRoom; media: MediaRoom; tools: SoundTools }): Previews {
  const { library, media, tools } = deps
  const running = new Map<string, AbortController>()
  const kept: string[] = []
  const folder = ctx.folders.temp
  const pathOf = (name: string) => join(folder, `preview-${name}`)
  const forget = (id: string) => Promise.all(['before', 'after'].map((side) => rm(pathOf(`${id}-${side}.wav`), { force: true }).catch(() => undefined)))
  ctx.scope.add(async () => {
    for (const control of running.values()) control.abort()
    await Promise.all(kept.map(forget))
  })
  ctx.http.add('files', 'sound', async (request, response, rest) => {
    if (!NAME.test(rest)) return void response.writeHead(404, { 'cache-control': 'no-store' }).end()
    await ctx.http.sendFile(request, response, pathOf(rest), { mime: 'audio/wav' })
  })

  async function render(id: string, input: Parameters<Previews['make']>[0], signal: AbortSignal): Promise<SoundPreview> {
    const { range, treatment } = input
    const length = range.end - range.start
    if (length <= 0 || length > PREVIEW_MAX_SAMPLES) throw new AppError('invalid-input', { data: { field: 'range' } })
    const item = library.get(input.itemId)
    if (item === null) throw new AppError('not-found')
    await library.prepare([input.itemId])
    const pcm = await library.pcmOf(input.itemId)
    if (pcm === null) throw new AppError('file-missing', { data: { fileName: item.title } })
    if (range.end > pcm.length) throw new AppError('invalid-input', { data: { field: 'range' } })
    const raw = pathOf(`${id}-raw.wav`)
    try {
      const { loudness: beforeLoudness, energies } = await media.measureSound(pcm, { range, signal })
      const rendered = await runSteps(deps, await stepsOf(treatment, noiseFloorDb(energies, pcm.channels)), pcm, raw, { range, format: 'float32', signal })
      const { loudness: afterLoudness } = await media.measureSound(rendered, { signal })
      const matchGainDb = beforeLoudness.integratedLufs === null || afterLoudness.integratedLufs === null ? 0 : beforeLoudness.integratedLufs - afterLoudness.integratedLufs
      // Where the treated side would not fit under full scale, both come down together.
      const down = Math.min(0, TOP_DBTP - Math.max((afterLoudness.truePeakDbtp ?? -120) + matchGainDb, beforeLoudness.truePeakDbtp ?? -120))
      const side = (source: typeof pcm, name: 'before' | 'after', gainDb: number) => media.filterSound(source, pathOf(`${id}-${name}.wav`), { chain: gainDb === 0 ? [] : [`volume=${gainDb.toFixed(4)}dB`], range: name === 'before' ? range : null, format: 'int24', signal })
      await Promise.all([side(pcm, 'before', down), side(rendered, 'after', matchGainDb + down)])
      return {
        before: `sound/${id}-before.wav`, after: `sound/${id}-after.wav`, lengthSamples: length, matchGainDb: Math.round(matchGainDb * 100) / 100,
        beforeLoudness, afterLoudness: shifted(afterLoudness, 0),
      }
    } finally {
      await rm(raw, { force: true }).catch(() => undefined)
    }
  }

  async function stepsOf(treatment: PreviewTreatment, noise: number): Promise<SoundSteps> {
    switch (treatment.kind) {
      case 'cleanUp': return cleanUpSteps(treatment, await tools.abilities(), noise)
      case 'horn': return filtersOnly(hornChain(treatment))
      case 'hornEar': return filtersOnly(hornEarChain(treatment))
    }
  }

  return {
    async make(input, caller) {
      running.get(caller.connectionId)?.abort(new AppError('cancelled'))
      const control = new AbortController()
      running.set(caller.connectionId, control)
      const id = ctx.newId()
      try {
        const preview = await render(id, input, control.signal)
        kept.push(id)
        while (kept.length > KEPT) await forget(kept.shift() ?? '')
        return preview
      } catch (error) {
        await forget(id)
        throw error
      } finally {
        if (running.get(caller.connectionId) === control) running.delete(caller.connectionId)
      }
    },
  }
}
