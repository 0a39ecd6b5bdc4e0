import { applyPatches, invert, violations } from '#common/edl/index.ts'
import { record, stepBack, stepForward, travel } from '#common/history/index.ts'
import type { LogRecord, ProjectRecord } from './records.ts'

/** The state after one more line, or null when the line does not follow from this state. Live edits and replay go through here alike. */
export function advance(project: ProjectRecord, line: LogRecord): ProjectRecord | null {
  if (line.rev !== project.rev + 1) return null
  const next = { ...project, rev: line.rev, updatedAt: line.at }
  switch (line.kind) {
    case 'title': return { ...next, title: line.title }
    case 'edit': {
      const edl = applyPatches(project.edl, line.patches)
      return edl === null ? null : { ...next, edl, history: record(project.history, { name: line.name, patches: line.patches, at: line.at, by: line.by }) }
    }
    case 'undo': {
      const back = stepBack(project.history)
      const edl = back === null ? null : applyPatches(project.edl, invert(back.step.patches))
      return back === null || edl === null ? null : { ...next, edl, history: back.history }
    }
    case 'goTo': {
      const way = travel(project.history, line.steps)
      const edl = way === null ? null : applyPatches(project.edl, way.steps.flatMap((step) => (line.steps < 0 ? invert(step.patches) : step.patches)))
      return way === null || edl === null ? null : { ...next, edl, history: way.history }
    }
    case 'redo': {
      const forth = stepForward(project.history)
      const edl = forth === null ? null : applyPatches(project.edl, forth.step.patches)
      return forth === null || edl === null ? null : { ...next, edl, history: forth.history }
    }
  }
}

export const isSound = (project: ProjectRecord): boolean => violations(project.edl).length === 0
