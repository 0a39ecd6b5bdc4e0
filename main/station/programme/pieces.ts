import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { PieceSound, ProgrammeTemplate } from '#contract/programme.ts'
import type { Item } from '#contract/library.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import type { LibraryRoom } from '../faces.ts'
import { soundInfo, writeSound } from '../sounds/index.ts'
import type { SoundName } from '../sounds/index.ts'

type Sound = z.infer<typeof PieceSound>
type BuiltIn = Extract<Sound, { kind: 'builtIn' }>['name']
const STATION = { personId: null, name: 'station' }

/** Items behind the sounds of templates. Those of the house are made when first needed, and found again by their content. */
export interface Pieces {
  /** The item now; null while it is being made, or when it left the library. */
  now(sound: Sound | null | undefined): Item | null
  /** Makes what is missing of a template and says when it is there. Never throws. */
  prepare(template: ProgrammeTemplate): Promise<void>
  /** @throws AppError file-missing with the name of the sound */
  need(sound: Sound): Promise<Item>
}

const soundsOf = (template: ProgrammeTemplate): Sound[] => [template.intro, template.jingle, template.bed, template.outro].flatMap((piece) => (piece === null ? [] : [piece.sound]))

export function openPieces(ctx: Pick<StationContext, 'db' | 'folders' | 'newId' | 'logger' | 'scope'>, deps: { library: Pick<LibraryRoom, 'get' | 'importFile'>; write?: (name: SoundName, path: string, signal: AbortSignal) => Promise<void> }): Pieces {
  const { library } = deps
  const write = deps.write ?? writeSound
  const stopping = new AbortController()
  ctx.scope.add(() => stopping.abort())
  const known = ctx.db.prepare('SELECT item_id FROM programme_sounds WHERE name = ?')
  const keep = ctx.db.prepare('INSERT INTO programme_sounds (name, item_id) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET item_id = excluded.item_id')
  const making = new Map<BuiltIn, Promise<Item>>()

  const builtIn = (name: BuiltIn): Item | null => {
    const row = z.object({ item_id: z.string() }).nullable().parse(known.get(name) ?? null)
    return row === null ? null : library.get(row.item_id)
  }
  const make = (name: BuiltIn): Promise<Item> => {
    const running = making.get(name)
    if (running !== undefined) return running
    const path = join(ctx.folders.temp, `${name}-${ctx.newId()}.wav`)
    const { title, kind } = soundInfo(name)
    const made = write(name, path, stopping.signal)
      .then(() => library.importFile(path, { who: STATION, title, kind, moveSource: true }).item.catch((error: unknown) => twinOf(library, error)))
      .then((item) => {
        keep.run(name, item.id)
        return item
      })
      .finally(() => {
        making.delete(name)
        void rm(path, { force: true }).catch(() => undefined)
      })
    making.set(name, made)
    return made
  }
  const now: Pieces['now'] = (sound) => (sound == null ? null : sound.kind === 'item' ? library.get(sound.itemId) : builtIn(sound.name))
  return {
    now,
    async need(sound) {
      const item = now(sound) ?? (sound.kind === 'builtIn' ? await make(sound.name) : null)
      if (item === null || item.fileMissing === true) throw new AppError('file-missing', { data: { fileName: item?.title ?? (sound.kind === 'builtIn' ? soundInfo(sound.name).title : sound.itemId) } })
      return item
    },
    async prepare(template) {
      for (const sound of soundsOf(template)) {
        if (sound.kind === 'item' || builtIn(sound.name) !== null) continue
        await make(sound.name).catch((error: unknown) => ctx.logger.warn('a sound of the house cannot be made', { name: sound.name, error }))
      }
    },
  }
}

/** Imported by hand or by an older data folder: it is there already. */
function twinOf(library: Pick<LibraryRoom, 'get'>, error: unknown): Item {
  const itemId = error instanceof AppError && error.code === 'duplicate' ? error.data['itemId'] : undefined
  const item = typeof itemId === 'string' ? library.get(itemId) : null
  if (item === null) throw error
  return item
}
