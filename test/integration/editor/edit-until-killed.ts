import { edit, emptyEdl } from '#common/edl/index.ts'
import { OpenProject } from '../../../main/station/editor/project.ts'
import { createFolder } from '../../../main/station/editor/project-folder.ts'
import { aim } from '../../support/edits.ts'
import type { Wish } from '../../support/edits.ts'
import { edits, fingerprint } from './known-edits.ts'

/** Edits for ever and prints each revision once it is on disk; the test kills it. Arguments: folder, JSON of wishes. */
const [folder = '', wishesJson = '[]'] = process.argv.slice(2)
const wishes: Wish[] = JSON.parse(wishesJson)
const context = edits()
const lane = edit(emptyEdl, { op: 'addLane', name: 'Lời' }, context)
if ('refused' in lane) throw new Error(lane.refused)
await createFolder(folder, { version: 2, id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', title: 'Thử', rev: 0, updatedAt: 0, edl: lane.edl, history: { undo: [], redo: [] } })
const project = await OpenProject.open(folder, 0)

for (let n = 0; ; n++) {
  const { rev, edl, history } = project.project
  const wish = wishes[n % wishes.length]
  try {
    if (n % 7 === 5 && history.undo.length > 0) await project.undo(rev, 'Lan', n)
    else if (n % 13 === 9 && history.undo.length > 3) await project.goTo(rev, -3, 'Lan', n)
    else if (n % 11 === 6 && history.redo.length > 0) await project.redo(rev, 'Lan', n)
    else if (wish !== undefined) await project.apply(rev, aim(wish, edl, context.items), context, 'Lan', n)
  } catch (error) {
    if (!(error instanceof Error) || error.message !== 'edit-refused') throw error
  }
  const { project: now } = project
  // Said for certain before the next edit begins.
  await new Promise((resolve) => process.stdout.write(`${now.rev} ${fingerprint(now)}\n`, resolve))
}
