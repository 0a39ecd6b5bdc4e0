import { sumOf } from '#common/programme/index.ts'
import type { StoryLength, Sum } from '#common/programme/index.ts'
import type { Bulletin, BulletinSummary, Story } from '#contract/programme.ts'
import { AppError } from '#contract/errors.ts'
import type { Caller, StationContext } from '../context.ts'
import type { EditorRoom, LibraryRoom, ProgrammeRoom } from '../faces.ts'
import type { SoundName } from '../sounds/index.ts'
import { build } from './assembly.ts'
import { openBulletinStore } from './bulletin-store.ts'
import { bulletinHandlers } from './changes.ts'
import { openComments } from './comments.ts'
import { openPieces } from './pieces.ts'
import { openRenders } from './renders.ts'
import type { BulletinRecord, StoryRecord } from './rows.ts'
import { openTemplates } from './templates.ts'

export { builtInTemplates } from './templates.ts'

export interface ProgrammeDeps {
  readonly library: Pick<LibraryRoom, 'get' | 'importFile'>
  readonly editor: Pick<EditorRoom, 'create' | 'replace' | 'edlOf' | 'onRendered'>
  /** Is this picture on the shelf of the boards? */
  readonly hasImage: (sha256: string) => boolean
  readonly writeSound?: (name: SoundName, path: string, signal: AbortSignal) => Promise<void>
}
const LISTED = 300

/** Bulletins: what is said in which order, put together by a template, heard by an approver who may write beside the sound. */
export function openProgramme(station: StationContext, deps: ProgrammeDeps): ProgrammeRoom {
  const ctx: StationContext = { ...station, scope: station.scope.child('programme'), logger: station.logger.child('programme') }
  const { library, editor } = deps
  const store = openBulletinStore(ctx)
  const templates = openTemplates(ctx)
  const pieces = openPieces(ctx, { library, ...(deps.writeSound === undefined ? {} : { write: deps.writeSound }) })
  const scriptOf = (storyId: string): string => {
    try {
      return store.story(storyId).script
    } catch {
      // The story was taken out after the project was built: its chapter has no text any more.
      return ''
    }
  }
  const renders = openRenders(ctx, { library, scriptOf })
  const comments = openComments(ctx, { library, editor, renders })
  ctx.scope.add(editor.onRendered((rendered) => {
    renders.keep(rendered)
    const bulletin = store.ofProject(rendered.projectId)
    if (bulletin !== null) ctx.events.emit('programme.changed', { bulletinId: bulletin.id, removed: false })
  }))

  const storyView = (story: StoryRecord): Story => ({
    id: story.id, title: story.title, script: story.script, reader: story.reader, image: story.image, rev: story.rev,
    sounds: story.itemIds.map((itemId) => {
      const item = library.get(itemId)
      return item === null ? { itemId, title: '', lengthSamples: 0, state: null, missing: true } : { itemId, title: item.title, lengthSamples: item.lengthSamples, state: item.state, missing: item.fileMissing === true }
    }),
  })
  const lengthOf = (piece: { sound: Parameters<typeof pieces.now>[0] } | null): number => pieces.now(piece?.sound)?.lengthSamples ?? 0
  const piecesOf = ({ template }: BulletinRecord): Bulletin['pieces'] => ({ intro: lengthOf(template.intro), jingle: lengthOf(template.jingle), outro: lengthOf(template.outro) })
  const newestItem = (projectId: string | null): string | null => (projectId === null ? null : (renders.ofProject(projectId).find(({ itemId }) => library.get(itemId) !== null)?.itemId ?? null))

  const prepared = new Set<string>()
  /** The sounds of the house are made behind the back of the first person who needs them; the page is told when their lengths are known. */
  const prepare = (bulletin: BulletinRecord): void => {
    const key = JSON.stringify([bulletin.template.intro, bulletin.template.jingle, bulletin.template.bed, bulletin.template.outro])
    if (prepared.has(key)) return
    prepared.add(key)
    const before = JSON.stringify(piecesOf(bulletin))
    void pieces.prepare(bulletin.template).then(() => {
      if (!ctx.scope.disposed && JSON.stringify(piecesOf(bulletin)) !== before) ctx.events.emit('programme.changed', { bulletinId: bulletin.id, removed: false })
    })
  }
  const view = (bulletin: BulletinRecord): Bulletin => {
    prepare(bulletin)
    const { removedAt: _removed, ...facts } = bulletin
    return { ...facts, stories: store.stories(bulletin.id).map(storyView), itemId: newestItem(bulletin.projectId), pieces: piecesOf(bulletin) }
  }
  // Reading times of scripts are asked for with every look at the list and change only with their story.
  const readings = new Map<string, StoryLength>()
  const sumOfBulletin = (bulletin: BulletinRecord): Sum => {
    const stories = store.stories(bulletin.id).map(storyView)
    const facts = stories.map(({ id, rev, script, sounds }) => {
      if (sounds.some(({ lengthSamples }) => lengthSamples > 0)) return { script, sounds }
      const key = `${id}/${rev}/${bulletin.template.syllablesPerMinute}`
      const known = readings.get(key) ?? sumOf([{ script, sounds: [] }], bulletin.template, { intro: 0, jingle: 0, outro: 0 }).stories[0]
      if (known !== undefined) readings.set(key, known)
      return { script: '', sounds: [{ lengthSamples: known?.lengthSamples ?? 0 }] }
    })
    return sumOf(facts, bulletin.template, piecesOf(bulletin))
  }
  const summary = (bulletin: BulletinRecord): BulletinSummary => {
    const stories = store.stories(bulletin.id)
    const itemId = newestItem(bulletin.projectId)
    return {
      id: bulletin.id, title: bulletin.title, broadcastDate: bulletin.broadcastDate, slot: bulletin.slot, stories: stories.length, lengthSamples: sumOfBulletin(bulletin).lengthSamples,
      estimated: stories.some(({ itemIds }) => itemIds.length === 0), projectId: bulletin.projectId, itemId, itemState: itemId === null ? null : (library.get(itemId)?.state ?? null), changedAt: bulletin.changedAt, rev: bulletin.rev,
    }
  }

  async function assembleInto(input: { bulletinId: string; rev: number; into: 'new' | 'same'; gaps: boolean }, caller: Caller) {
    const bulletin = store.bulletinAt(input.bulletinId, input.rev)
    const { edl, sum, gaps } = await build(bulletin, store.stories(bulletin.id), { library, pieces, newId: ctx.newId, gaps: input.gaps })
    const who = { personId: caller.personId, name: caller.name }
    const known = input.into === 'same' && bulletin.projectId !== null ? await editor.edlOf(bulletin.projectId).then(() => bulletin.projectId, notThere) : null
    if (known !== null) await editor.replace(known, edl, 'assemble', caller)
    const projectId = known ?? (await editor.create(bulletin.title, edl, who)).projectId
    ctx.db.transaction(() => {
      // Somebody may have changed it meanwhile: only the project is added to what is there now.
      const now = store.bulletin(bulletin.id)
      if (now.projectId !== projectId) store.saveBulletin({ ...now, projectId })
      ctx.audit.append(caller, 'programme.assemble', bulletin.id, { projectId, stories: sum.starts.length, lengthSamples: sum.lengthSamples, gaps })
    })()
    ctx.events.emit('programme.changed', { bulletinId: bulletin.id, removed: false })
    return { projectId, lengthSamples: sum.lengthSamples, gaps }
  }

  return {
    slidesOf: (itemId) => renders.slidesOf(itemId),
    handlers: {
      ...bulletinHandlers(ctx, { store, templates, view, hasImage: deps.hasImage, hasItem: (itemId) => library.get(itemId) !== null }),
      'programme.list': () => ({ bulletins: store.all().slice(0, LISTED).map(summary) }),
      'programme.open': ({ bulletinId }) => view(store.bulletin(bulletinId)),
      'programme.assemble': assembleInto,
      'programme.templates': () => ({ templates: templates.all() }),
      'programme.saveTemplate': (input, caller) => {
        const saved = templates.save(input, caller)
        ctx.events.emit('programme.templatesChanged', {})
        return saved
      },
      'programme.removeTemplate': ({ templateId, rev }, caller) => {
        templates.remove(templateId, rev, caller)
        ctx.events.emit('programme.templatesChanged', {})
        return { ok: true }
      },
      'programme.review': async ({ itemId }) => {
        if (library.get(itemId) === null) throw new AppError('not-found')
        const render = renders.of(itemId)
        const bulletin = render === null ? null : store.ofProject(render.projectId)
        return { projectId: render?.projectId ?? null, bulletinId: bulletin?.id ?? null, slides: [...(render?.slides ?? [])], chapters: [...(render?.chapters ?? [])], comments: await comments.ofItem(itemId) }
      },
      'programme.comments': async ({ projectId }) => ({ comments: await comments.ofProject(projectId) }),
      'programme.addComment': (input, caller) => comments.add(input, caller),
      'programme.editComment': ({ commentId, rev, text }, caller) => comments.edit(commentId, rev, text, caller),
      'programme.resolveComment': ({ commentId, rev, resolved }, caller) => comments.resolve(commentId, rev, resolved, caller),
      'programme.removeComment': ({ commentId, rev }, caller) => {
        comments.remove(commentId, rev, caller)
        return { ok: true }
      },
    },
  }
}

function notThere(error: unknown): null {
  if (error instanceof AppError && error.code === 'not-found') return null
  throw error
}
