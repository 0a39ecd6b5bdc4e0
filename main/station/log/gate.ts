import type { LineCheck } from '#contract/log.ts'
import type { Item } from '#contract/library.ts'
import type { PredictedLine } from '#common/timing/predict.ts'
import { instantOf } from '#common/timing/predict.ts'
import { samples } from '#common/units/samples.ts'
import type { Logger } from '../context.ts'
import type { LibraryRoom, PcmFile, PlannedPlay } from '../faces.ts'
import type { StoredLine } from './day-store.ts'

/**
 * The one door between the log and anything audible. Promises: a play comes out only for an item that is approved at this moment, whose sound
 * file is there with the length the library knows. Relies on the library's word for approval. What does not pass is named, never guessed.
 */
export interface Gate {
  /** Looks for the sound files of items not looked at since they were forgotten. */
  load(itemIds: Iterable<string>): Promise<void>
  forget(itemId?: string): void
  judge(itemId: string): { readonly check: 'ok'; readonly item: Item; readonly pcm: PcmFile } | { readonly check: Exclude<LineCheck, 'ok' | 'noStart' | 'noRoom'>; readonly item: Item | null }
  /** Null when the line may not sound or has no time. */
  pass(line: StoredLine, predicted: PredictedLine): PlannedPlay | null
}

export function createGate(library: Pick<LibraryRoom, 'get' | 'pcmOf'>, logger: Logger): Gate {
  const files = new Map<string, { readonly sha256: string; readonly pcm: PcmFile | null }>()

  const judge: Gate['judge'] = (itemId) => {
    const item = library.get(itemId)
    if (item === null) return { check: 'noItem', item }
    if (item.state !== 'approved') return { check: 'notApproved', item }
    const found = files.get(itemId)
    if (found === undefined || found.sha256 !== item.sha256 || found.pcm === null || found.pcm.length !== item.lengthSamples || found.pcm.length === 0) return { check: 'notReady', item }
    return { check: 'ok', item, pcm: found.pcm }
  }

  return {
    async load(itemIds) {
      await Promise.all([...new Set(itemIds)].map(async (itemId) => {
        const item = library.get(itemId)
        if (item === null || item.state !== 'approved' || files.get(itemId)?.sha256 === item.sha256) return
        const pcm = await library.pcmOf(itemId).catch((error: unknown) => {
          logger.warn('a sound file cannot be opened', { itemId, error })
          return null
        })
        files.set(itemId, { sha256: item.sha256, pcm })
      }))
    },
    forget(itemId) {
      if (itemId === undefined) files.clear()
      else files.delete(itemId)
    },
    judge,
    pass(line, predicted) {
      if (predicted.state !== 'planned' || predicted.start === null || predicted.end === null) return null
      const found = judge(line.itemId)
      if (found.check !== 'ok') return null
      return {
        lineId: line.id, broadcastDate: line.broadcastDate, itemId: line.itemId, title: found.item.title, sha256: found.item.sha256, pcm: found.pcm, gainDb: found.item.playGainDb,
        startAt: instantOf(predicted.start), playSamples: samples(Math.min(predicted.end - predicted.start, found.pcm.length)), chainStart: predicted.chainStart, cut: predicted.cut, targetUnitIds: line.targetUnitIds,
      }
    },
  }
}
