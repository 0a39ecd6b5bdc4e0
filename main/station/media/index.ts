import { Readable } from 'node:stream'
import { loudnessOf } from '#common/loudness/index.ts'
import type { MeasuredPart } from '#common/loudness/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import type { MediaRoom, PcmFile } from '../faces.ts'
import { countPlan, decodePlan, encodePlan, encodeStreamPlan, listenPlan, livePlan, probePlan } from './arguments.ts'
import { syncedWhile, writeWhole } from './atomic.ts'
import { decodeMp3Halves } from './decode-halves.ts'
import { openFfmpeg } from './ffmpeg.ts'
import { parseProbe, parseSampleCount } from './ffmpeg-text.ts'
import { openFilter } from './filter.ts'
import { measureFile, measureMany, measureMix } from './loudness.ts'
import { openPcm } from './pcm.ts'
import { writePeaks } from './peaks.ts'

/** Half a second of a live encoder's input: more would be heard as delay. */
const LIVE_QUEUE_SECONDS = 0.5
const STREAM_BYTES = 1 << 20

export function openMedia(ctx: Pick<StationContext, 'scope' | 'settings'>): MediaRoom {
  const ffmpeg = openFfmpeg(ctx.scope, () => ctx.settings.get().ffmpegPath)

  async function decode(source: string, target: string, options: Parameters<MediaRoom['decodeToPcm']>[2]): Promise<PcmFile> {
    const expected = options.expectedSeconds
    options.progress?.(expected === undefined ? null : 0)
    const tooLong = new AbortController()
    const signal = AbortSignal.any([options.signal, tooLong.signal])
    const onSeconds = (seconds: number): void => {
      if (options.maxSeconds !== undefined && seconds > options.maxSeconds) tooLong.abort(new AppError('file-too-long', { data: { maxHours: options.maxSeconds / 3600 } }))
      options.progress?.(expected === undefined || expected <= 0 ? null : Math.min(1, seconds / expected))
    }
    const pcm = await writeWhole(target, async (part) => {
      const { bits, channels = null } = options
      await syncedWhile(part, async () => {
        const isDone = await decodeMp3Halves(ffmpeg, { source, target: part, bits, channels, signal, onSeconds })
        if (!isDone) await ffmpeg.run(decodePlan(source, part, { bits, channels, rateHz: RATE_HZ }), { signal, onSeconds })
      })
      return openPcm(part)
    }, options.meanwhile)
    return { ...pcm, path: target }
  }

  return {
    ffmpeg: () => ffmpeg.capabilities(),
    lastCommands: () => ffmpeg.lastCommands(),

    async probe(source, signal) {
      const probe = parseProbe(await ffmpeg.run(probePlan(source), { signal }))
      if (probe === null || probe.rateHz < 1 || probe.channels < 1) throw new AppError('file-not-audio')
      return probe
    },

    decodeToPcm: decode,

    async decodedLength(path, signal) {
      const count = parseSampleCount(await ffmpeg.run(countPlan(path), { signal }))
      if (count === null) throw new AppError('file-not-audio')
      return count
    },

    async encodeStream(chunks, pcm, target, options) {
      const { signal, ...wanted } = options
      let failure: unknown = null
      const watched = async function* () {
        try {
          yield* chunks
        } catch (error) {
          failure = error
          throw error
        }
      }
      const input = Readable.from(watched(), { objectMode: false, highWaterMark: STREAM_BYTES })
      try {
        await writeWhole(target, (part) => ffmpeg.run(encodeStreamPlan(input, pcm, part, wanted), { signal }))
      } catch (error) {
        // A stream that broke is the reason; the encoder only noticed.
        throw signal.aborted ? error : (failure ?? error)
      } finally {
        input.destroy()
      }
    },

    async encode(source, target, options) {
      const { signal, ...wanted } = options
      const pcm = await openPcm(source).catch(() => null)
      await writeWhole(target, (part) => ffmpeg.run(encodePlan(source, part, wanted, pcm === null || pcm.format === 'int16' ? 16 : 24), { signal }))
    },

    async measureLoudness(path, signal, onSeconds) {
      const pcm = await openPcm(path)
      const { energies, truePeak } = await measureFile(pcm, null, { signal, ...(onSeconds === undefined ? {} : { progress: (value) => onSeconds((value * pcm.length) / RATE_HZ) }) })
      return loudnessOf(energies, truePeak)
    },
    measureSounds: async (stretches, options) => (await measureMany(stretches, options)).map(soundFacts),
    measureSound: async (pcm, { range, ...options }) => soundFacts(await measureFile(pcm, range ?? null, options)),
    measureMix: async (plan, places, channels, options) => soundFacts(await measureMix(plan, places, channels, options)),


    filterSound: openFilter(ffmpeg),

    writePeaks,
    openPcm,

    liveEncoder(options) {
      const plan = livePlan(options)
      const frameBytes = 4 * options.channels
      const pipe = ffmpeg.live(plan.inputOptions, plan.outputOptions, { onData: options.onData, onExit: options.onExit, maxQueuedBytes: LIVE_QUEUE_SECONDS * RATE_HZ * frameBytes })
      return {
        // Copied: the caller may use its block again at once.
        write: (pcm) => pipe.write(new Uint8Array(new Float32Array(pcm).buffer)),
        end: () => pipe.end(),
        kill: () => pipe.kill(),
      }
    },

    liveDecoder: (options) => ffmpeg.listen(listenPlan(options), options),
  }
}

const soundFacts = ({ energies, truePeak, overs }: MeasuredPart) => ({ loudness: loudnessOf(energies, truePeak), energies, overs })

/** Building stones for rooms that keep files of their own. */
export { layOut, PART_ENDING, partOf, writeWhole } from './atomic.ts'
export { listenToStream } from './stream.ts'
export type { Listener, Source } from './stream-listener.ts'
export { createCoarsePeaks } from './coarse.ts'
export { FrameReader } from './frame-reader.ts'
export type { FramePlace } from './frame-reader.ts'
export { pcmFromHeader } from './pcm.ts'
export { rmsPathOf } from './peaks.ts'
export { fileError, readWav } from './wav.ts'
