import { duckCurve, duckEnvelope, violations, voiceActivity } from '#common/edl/index.ts'
import type { Edl, Patch } from '#common/edl/index.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import type { EditorRoom, Rendered } from '../faces.ts'
import type { Leases } from './leases.ts'
import type { Projects } from './projects.ts'
import type { SpeechShelf } from './speech.ts'

/** What other rooms may do with projects: make one of a finished list, put another list in its place as one step, hear what was rendered. */
export interface EditorFace extends Omit<EditorRoom, 'handlers' | 'mixdown' | 'mixStream' | 'prepare'> {
  /** Told once per finished render. A listener that fails harms nobody. */
  rendered(result: Rendered): void
}

export function editorFace(ctx: Pick<StationContext, 'events' | 'audit' | 'clock' | 'logger'>, deps: { projects: Projects; leases: Leases; speech: SpeechShelf }): EditorFace {
  const { projects, leases, speech } = deps
  const listeners = new Set<(result: Rendered) => void>()
  const sound = (edl: Edl): Edl => {
    const [wrong] = violations(edl)
    if (wrong !== undefined) throw new Error(`not an edit list: ${wrong.rule} ${wrong.subject}`)
    return edl
  }
  /** A bed that is told to go down under a voice finds the words itself. */
  const underVoice = async (edl: Edl): Promise<Edl> => {
    await speech.prepare(edl, { op: 'setSlot', startsAtSec: edl.slot.startsAtSec, length: edl.slot.length }, { item: () => null })
    const lanes = edl.lanes.map((lane) => {
      if (lane.duck === null || lane.duck.handEdited) return lane
      const curve = duckCurve(voiceActivity(edl, lane.duck.voiceLaneIds, ({ sha256 }) => speech.of(sha256)), lane.duck)
      return { ...lane, clips: lane.clips.map((clip) => ({ ...clip, envelope: duckEnvelope(curve, clip) })) }
    })
    return { ...edl, lanes }
  }
  return {
    async create(title, edl, who) {
      const { project } = await projects.create(title, sound(await underVoice(edl)))
      ctx.audit.append(who, 'editor.create', project.id, { title })
      ctx.events.emit('editor.changed', { projectId: project.id, rev: project.rev })
      return { projectId: project.id, rev: project.rev }
    },
    async replace(projectId, edl, name, caller) {
      const lease = leases.of(projectId, caller)
      if (lease !== null && !lease.mine) throw new AppError('edit-lease', { data: { holder: lease.holder } })
      const project = await projects.get(projectId)
      const after = sound(await underVoice(edl))
      const before = project.project
      const { project: state } = await project.put(before.rev, name, replacement(before.edl, after), caller.name, ctx.clock.now())
      ctx.events.emit('editor.changed', { projectId, rev: state.rev })
      return { rev: state.rev }
    },
    async edlOf(projectId) {
      const { project } = await projects.get(projectId)
      return { rev: project.rev, edl: project.edl }
    },
    onRendered(run) {
      listeners.add(run)
      return () => void listeners.delete(run)
    },
    rendered(result) {
      for (const run of listeners) {
        try {
          run(result)
        } catch (error) {
          ctx.logger.error('a listener of renders failed', { error })
        }
      }
    },
  }
}

/** From one list to another, whole: sources stay (the steps before may need them on their way back), new ones are added. */
export function replacement(before: Edl, after: Edl): Patch[] {
  const known = new Set(before.sources.map(({ id }) => id))
  const twins = new Map(after.sources.flatMap((source) => {
    const twin = before.sources.find(({ itemId, sha256 }) => itemId === source.itemId && sha256 === source.sha256)
    return twin === undefined ? [] : [[source.id, twin.id] as const]
  }))
  const added = after.sources.filter(({ id }) => !known.has(id) && !twins.has(id))
  const lanes = after.lanes.map((lane) => ({ ...lane, clips: lane.clips.map((clip) => ({ ...clip, sourceId: twins.get(clip.sourceId) ?? clip.sourceId })) }))
  return [
    ...(added.length === 0 ? [] : [{ kind: 'sources', index: before.sources.length, remove: [], insert: added } as const]),
    { kind: 'lanes', index: 0, remove: before.lanes, insert: lanes },
    { kind: 'markers', index: 0, remove: before.markers, insert: after.markers },
    { kind: 'master', before: before.master, after: after.master },
    { kind: 'slot', before: before.slot, after: after.slot },
  ]
}
