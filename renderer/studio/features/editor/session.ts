import { applyPatches, edlLength } from '#common/edl/index.ts'
import type { ProcedureInput } from '#contract/index.ts'
import type { EditAnswer, ProjectState } from '#contract/editor.ts'
import { AppError } from '#contract/errors.ts'
import { call, connection, useStation } from '../../app/station-client/index.ts'
import { preciseText } from '../../i18n/formats.ts'
import { translate } from '../../i18n/index.ts'
import { editorNow, showEditor } from './editor-store.ts'
import { showAll } from './timeline/view.ts'
import { hear, player, stopPlaying } from './transport.ts'
import { editText, showEditError } from './words.ts'

export { playhead, seek, togglePlay } from './transport.ts'
export type EditorCommand = ProcedureInput<'editor.apply'>['command']
/** What a batch is made of. */
export type SingleCommand = Exclude<EditorCommand, { op: 'batch' }>

/** The open project: edits go to the station one after the other, each on the revision the last one gave; playback follows. */
let turn: Promise<unknown> = Promise.resolve()
let waiting = 0

function take(project: ProjectState): void {
  const { laneIds, clipId, cursor } = editorNow()
  const lanes = project.edl.lanes
  const kept = laneIds.filter((id) => lanes.some((lane) => lane.id === id))
  const clipExists = lanes.some((lane) => lane.clips.some((clip) => clip.id === clipId))
  showEditor({ project, preview: null, clipId: clipExists ? clipId : null, laneIds: kept.length > 0 ? kept : lanes.slice(0, 1).map((lane) => lane.id), cursor: Math.min(cursor, edlLength(project.edl)) })
  hear(project.edl)
}

function show(project: ProjectState): void {
  stopPlaying()
  showEditor({ project: null, ranges: [], proposed: [], landings: [], cursor: 0, clipId: null, markerId: null, laneIds: [], dialog: 'none' })
  take(project)
  showEditor({ view: showAll(editorNow().view, edlLength(project.edl)), said: '' })
}

export async function openProject(projectId: string): Promise<void> {
  show(await call('editor.open', { projectId }))
}

export async function createProject(title: string, itemIds: string[]): Promise<void> {
  show(await call('editor.create', { title, itemIds }))
}

export function closeProject(): void {
  stopPlaying()
  showEditor({ project: null, preview: null, ranges: [], proposed: [], landings: [], clipId: null, markerId: null, dialog: 'none' })
}

/** Sound hardware is let go when the page is left; the project stays open. */
export async function leaveDesk(): Promise<void> {
  await player.close()
}

/** Another window changed the project. Ours are awaited first: their answers bring the state as well. */
connection.on('editor.changed', ({ projectId, rev }) => {
  const { project } = editorNow()
  if (project?.id !== projectId || rev <= project.rev || waiting > 0) return
  void inTurn(async () => {
    const now = editorNow().project
    if (now?.id === projectId && now.rev < rev) take(await call('editor.open', { projectId }))
  }).catch(() => closeProject())
})

/** The station came back at another address, or as another one: playback asks there, and the project is read again. */
useStation.subscribe((now, before) => {
  const { project } = editorNow()
  if (project !== null && (now.url !== before.url || now.session?.filesTicket !== before.session?.filesTicket)) hear(project.edl)
})
connection.onRefetch(() => {
  void inTurn(async () => {
    const { project } = editorNow()
    if (project !== null) take(await call('editor.open', { projectId: project.id }))
  }).catch(() => undefined)
})

function inTurn<T>(run: () => Promise<T>): Promise<T> {
  waiting += 1
  const mine = turn.then(run, run).finally(() => {
    waiting -= 1
  })
  turn = mine.catch(() => undefined)
  return mine
}

/** The list here moved on by what the station did; read whole when it does not fit (sources pointed elsewhere, a missed change). */
async function follow(project: ProjectState, answer: EditAnswer): Promise<ProjectState> {
  const edl = answer.rev === project.rev + 1 ? applyPatches(project.edl, answer.patches) : null
  if (edl === null) return call('editor.open', { projectId: project.id })
  const { rev, title, undo: undoNames, redo: redoNames, missingItemIds } = answer
  return { ...project, edl, rev, title, undo: undoNames, redo: redoNames, missingItemIds }
}

type Send = (at: { projectId: string; rev: number }) => Promise<EditAnswer>
/** False when the edit was refused; the reason has been shown. */
async function change(send: Send, tell: (state: ProjectState) => string): Promise<boolean> {
  return inTurn(async () => {
    const { project } = editorNow()
    if (project === null) return false
    try {
      const state = await follow(project, await send({ projectId: project.id, rev: project.rev }))
      take(state)
      showEditor({ said: tell(state) })
      return true
    } catch (error) {
      showEditor({ preview: null })
      if (error instanceof AppError && error.code === 'edit-conflict') take(await call('editor.open', { projectId: project.id }))
      showEditError(error)
      return false
    }
  })
}

export const apply = (command: EditorCommand): Promise<boolean> =>
  change((at) => call('editor.apply', { ...at, command }), (state) => translate('editor.said.done', { edit: editText(state.undo[0] ?? ''), length: preciseText(edlLength(state.edl)) }))

/** Several edits as one step of the history; a single one keeps its own name. */
export function applyAll(commands: readonly SingleCommand[], name: string): Promise<boolean> {
  const [first] = commands
  if (first === undefined) return Promise.resolve(false)
  return apply(commands.length === 1 ? first : { op: 'batch', commands: [...commands], name })
}

export async function undo(): Promise<void> {
  const name = editorNow().project?.undo[0]
  if (name === undefined) return
  await change((at) => call('editor.undo', at), () => translate('editor.said.undone', { edit: editText(name) }))
}
export async function redo(): Promise<void> {
  const name = editorNow().project?.redo[0]
  if (name === undefined) return
  await change((at) => call('editor.redo', at), () => translate('editor.said.redone', { edit: editText(name) }))
}
/** Back (less than 0) or on so many steps at once. */
export async function goSteps(steps: number): Promise<void> {
  if (steps !== 0) await change((at) => call('editor.goTo', { ...at, steps }), (state) => translate('editor.said.wentTo', { edit: state.undo[0] === undefined ? translate('editor.historyStart') : editText(state.undo[0]) }))
}
export const rename = (title: string): Promise<boolean> => change((at) => call('editor.rename', { ...at, title }), () => translate('editor.said.renamed', { title }))
