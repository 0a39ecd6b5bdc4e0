import { edit, emptyEdl } from '#common/edl/index.ts'
import type { Command, Edl, EditContext } from '#common/edl/index.ts'
import { nextNames } from '#common/history/index.ts'
import type { Step } from '#common/history/index.ts'
import { samples } from '#common/units/samples.ts'
import type { EditAnswer, HistoryStep, ProjectState } from '#contract/editor.ts'
import { AppError } from '#contract/errors.ts'
import type { Caller, StationContext } from '../context.ts'
import type { EditorRoom, LibraryRoom, MediaRoom } from '../faces.ts'
import { editorFace } from './face.ts'
import { Leases } from './leases.ts'
import { refusedAs } from './project.ts'
import type { Changed, OpenProject } from './project.ts'
import { Projects } from './projects.ts'
import { mixdown, mixedStream, planOf, renderToItem } from './render.ts'
import { itemsOf, relink } from './sources.ts'
import { SpeechShelf } from './speech.ts'
import { Visits } from './visits.ts'

const SHOWN_STEPS = 100

export async function openEditor(station: StationContext, deps: { library: LibraryRoom; media: MediaRoom }): Promise<EditorRoom> {
  const ctx: StationContext = { ...station, scope: station.scope.child('editor'), logger: station.logger.child('editor') }
  const { library } = deps
  const projects = new Projects(ctx)
  ctx.scope.add(() => projects.close())
  await projects.sweep()

  const leases = new Leases(ctx)
  const visits = new Visits(ctx)
  library.hold('editing', () => [...visits.projects(), ...leases.projects()].flatMap((projectId) => itemsOf(library, projects.known(projectId)?.project.edl ?? emptyEdl)))
  const speech = new SpeechShelf(ctx)
  const face = editorFace(ctx, { projects, leases, speech })

  const context: EditContext = {
    newId: ctx.newId,
    item: (itemId) => {
      const item = library.get(itemId)
      return item === null ? null : { itemId, title: item.title, sha256: item.sha256, channels: item.channels, length: samples(item.lengthSamples) }
    },
    speech: ({ sha256 }) => speech.of(sha256),
  }
  const view = ({ project: state, warning }: OpenProject): ProjectState => {
    const { edl, missingItemIds } = relink(library, state.edl)
    return {
      id: state.id, title: state.title, rev: state.rev, edl, missingItemIds, warning,
      undo: nextNames(state.history.undo, SHOWN_STEPS), redo: nextNames(state.history.redo, SHOWN_STEPS),
    }
  }
  const changed = async (projectId: string, caller: Caller, change: (project: OpenProject, now: number) => Promise<Changed>): Promise<EditAnswer> => {
    const open = await projects.get(projectId)
    leases.hold(projectId, caller)
    const { project: state, done, patches } = await change(open, ctx.clock.now())
    ctx.events.emit('editor.changed', { projectId, rev: state.rev })
    return {
      rev: state.rev, title: state.title, done, patches, missingItemIds: relink(library, state.edl).missingItemIds,
      undo: nextNames(state.history.undo, SHOWN_STEPS), redo: nextNames(state.history.redo, SHOWN_STEPS),
    }
  }

  return {
    ...face,
    mixdown: (edl, target, options) => mixdown(deps, edl, target, options),
    mixStream: (edl, options) => mixedStream(deps, edl, options),
    prepare: (edl) => library.prepare(itemsOf(library, edl)),
    handlers: {
      'editor.list': async () => ({ projects: await projects.list() }),
      'editor.create': async ({ title, itemIds }, caller) => {
        const project = await projects.create(title, firstEdl(itemIds, context))
        ctx.audit.append(caller, 'editor.create', project.project.id, { title })
        ctx.events.emit('editor.changed', { projectId: project.project.id, rev: 0 })
        return view(project)
      },
      'editor.open': async ({ projectId }, caller) => {
        const project = await projects.get(projectId)
        visits.note(caller.connectionId, projectId)
        // What was purged is there again when the first clip is played.
        void library.prepare(itemsOf(library, project.project.edl))
        return view(project)
      },
      'editor.rename': ({ projectId, rev, title }, caller) => changed(projectId, caller, (project, now) => project.rename(rev, title, caller.name, now)),
      'editor.remove': async ({ projectId, rev }, caller) => {
        await projects.get(projectId)
        leases.hold(projectId, caller)
        await projects.remove(projectId, rev)
        leases.end(projectId)
        ctx.audit.append(caller, 'editor.remove', projectId)
        ctx.events.emit('editor.changed', { projectId, rev: rev + 1 })
        return { ok: true }
      },
      'editor.apply': ({ projectId, rev, command }, caller) => changed(projectId, caller, (project, now) => project.apply(rev, command, context, caller.name, now, (edl) => speech.prepare(edl, command, context))),
      'editor.undo': ({ projectId, rev }, caller) => changed(projectId, caller, (project, now) => project.undo(rev, caller.name, now)),
      'editor.redo': ({ projectId, rev }, caller) => changed(projectId, caller, (project, now) => project.redo(rev, caller.name, now)),
      'editor.goTo': ({ projectId, rev, steps }, caller) => changed(projectId, caller, (project, now) => project.goTo(rev, steps, caller.name, now)),
      'editor.history': async ({ projectId }) => {
        const { rev, history } = (await projects.get(projectId)).project
        return { rev, undo: history.undo.map(told), redo: history.redo.map(told).reverse() }
      },
      'editor.lease': ({ projectId }, caller) => ({ lease: leases.of(projectId, caller) }),
      'editor.hold': async ({ projectId, takeOver }, caller) => {
        await projects.get(projectId)
        return { lease: leases.hold(projectId, caller, takeOver) }
      },
      'editor.release': ({ projectId }, caller) => {
        leases.release(projectId, caller)
        return { ok: true }
      },
      'editor.render': async ({ projectId, rev, title, format }, caller) => {
        const { project } = await projects.get(projectId)
        if (project.rev !== rev) throw new AppError('edit-conflict', { data: { rev: project.rev } })
        planOf(project.edl)
        return { jobId: render(projectId, project.edl, title, format, caller) }
      },
    },
  }

  function render(projectId: string, edl: Edl, title: string, format: 'wav' | 'mp3' | 'opus', caller: Caller): string {
    const who = { personId: caller.personId, name: caller.name }
    return ctx.jobs.start('render', title, async (job) => {
      const { itemId } = await renderToItem(ctx, deps, { edl, title, format, who }, job)
      face.rendered({ projectId, itemId, edl })
      return { itemId }
    }).jobId
  }
}

const told = ({ name, at, by }: Step<unknown>): HistoryStep => ({ name, at: at ?? null, by: by ?? '' })

/** Two lanes, the items one after the other on the first: the state before the first edit, so that undo cannot take the material away. */
function firstEdl(itemIds: readonly string[], context: EditContext): Edl {
  const lanes = [{ op: 'addLane', name: 'Lời', role: 'voice' }, { op: 'addLane', name: 'Nhạc', role: 'bed' }] satisfies Command[]
  let edl = lanes.reduce((state, command) => made(state, command, context), emptyEdl)
  const laneId = edl.lanes[0]?.id ?? ''
  let at = samples(0)
  for (const itemId of itemIds) {
    edl = made(edl, { op: 'insertItem', itemId, laneId, at, mode: 'overwrite' }, context)
    const last = edl.lanes[0]?.clips.at(-1)
    at = samples(last === undefined ? 0 : last.start + last.length)
  }
  return edl
}

function made(edl: Edl, command: Command, context: EditContext): Edl {
  const result = edit(edl, command, context)
  if (!('refused' in result)) return result.edl
  throw refusedAs(result)
}

/** Mixing to a file, for rooms that make sound of their own. */
export { mixToWav } from './render.ts'
