import { emptyEdl } from '#common/edl/index.ts'
import { fromExchange, parseCmx3600 } from '#common/exchange/index.ts'
import type { FoundSound, SoundReference, TimelineRefusal } from '#common/exchange/index.ts'
import { fold } from '#common/text/index.ts'
import { samples } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import { parseOtio } from '#contract/otio.ts'
import type { Room, StationContext } from '../context.ts'
import type { EditorRoom, LibraryRoom, MediaRoom } from '../faces.ts'
import { readBroadcastChunks } from './broadcast-wave.ts'
import { exportFile, targetOf } from './export-file.ts'

/** Files and arrangements that go to other desks and come from them. */
export function openExchange(station: StationContext, deps: { editor: EditorRoom; library: LibraryRoom; media: MediaRoom }): Room {
  const ctx: StationContext = { ...station, scope: station.scope.child('exchange'), logger: station.logger.child('exchange') }
  const { editor, library, media } = deps

  return {
    handlers: {
      'exchange.export': async ({ projectId, rev, folder, name, replace, settings }, caller) => {
        const { rev: now, edl } = await editor.edlOf(projectId)
        if (now !== rev) throw new AppError('edit-conflict', { data: { rev: now } })
        const target = await targetOf(folder, name, settings.format, replace)
        ctx.audit.append(caller, 'exchange.export', projectId, { file: name, format: settings.format })
        const { jobId } = ctx.jobs.start('render', name, async (job) => {
          await job.outside(editor.prepare(edl))
          const { lengthSamples } = await exportFile(ctx, deps, { edl, settings, target }, job)
          return { path: target, lengthSamples: String(lengthSamples) }
        })
        return { jobId }
      },
      'exchange.importTimeline': async ({ title, format, text }, caller) => {
        const timeline = format === 'otio' ? parseOtio(text) : parseCmx3600(text)
        if ('refused' in timeline) throw refusal(timeline)
        const edl = fromExchange(timeline, soundFinder(library.list()), ctx.newId, emptyEdl)
        if ('refused' in edl) throw refusal(edl)
        return editor.create(title, edl, { personId: caller.personId, name: caller.name })
      },
      'exchange.broadcastInfo': async ({ itemId }) => {
        const path = await library.originalOf(itemId)
        if (path === null) return { bext: null, cart: null }
        return readBroadcastChunks(path)
      },
      'exchange.lastCommands': async () => ({ commands: [...media.lastCommands()].map((line) => line.slice(0, 20_000)) }),
    },
  }
}

function refusal(why: TimelineRefusal): AppError {
  return new AppError('exchange-refused', { data: { reason: why.refused, line: 'line' in why ? why.line : 0, names: 'names' in why ? why.names.slice(0, 20).join(', ') : '' } })
}

/** By identity, by content, or by name without ending, diacritics and case: in that order of trust. */
function soundFinder(items: readonly Item[]): (sound: SoundReference) => FoundSound | null {
  const byId = new Map(items.map((item) => [item.id, item]))
  const bySha = firstOf(items, (item) => item.sha256)
  const byName = firstOf(items, (item) => nameKey(item.title))
  return (sound) => {
    const known = sound.itemId === null ? undefined : byId.get(sound.itemId)
    const item = (known !== undefined && (sound.sha256 === null || known.sha256 === sound.sha256) ? known : undefined)
      ?? (sound.sha256 === null ? undefined : bySha.get(sound.sha256)) ?? byName.get(nameKey(sound.name))
    return item === undefined ? null : { itemId: item.id, title: item.title, sha256: item.sha256, channels: item.channels, length: samples(item.lengthSamples) }
  }
}

/** The first of equal ones counts. */
const firstOf = (items: readonly Item[], key: (item: Item) => string): Map<string, Item> => new Map(items.toReversed().map((item) => [key(item), item]))
const nameKey = (name: string): string => fold(name.replace(/\.[a-z0-9]{2,4}$/i, ''))
