import type { Action } from '../../app/actions/index.ts'
import { addStory, moveChosen, removeChosen, undoRemove } from './changes.ts'
import { chosenStory, desk, programmeNow, showProgramme } from './programme-store.ts'
import { recordStory } from './record-story.ts'

const chosen = (): boolean => chosenStory() !== null
const here = (id: string, labelKey: Action['labelKey'], shortcut: string, role: Action['role'], run: Action['run'], enabled?: () => boolean): Action =>
  ({ id: `programme.${id}`, labelKey, shortcut, role, page: 'programme', run, ...(enabled === undefined ? {} : { enabled }) })

/** Keys of the open bulletin. */
export const deskActions: readonly Action[] = [
  here('addStory', 'programme.actions.addStory', 'Insert', 'recorder', addStory),
  here('moveUp', 'programme.actions.moveUp', 'Alt+ArrowUp', 'recorder', () => moveChosen(-1), chosen),
  here('moveDown', 'programme.actions.moveDown', 'Alt+ArrowDown', 'recorder', () => moveChosen(1), chosen),
  here('remove', 'programme.actions.remove', 'Delete', 'recorder', removeChosen, chosen),
  here('undo', 'programme.actions.undo', 'Ctrl+KeyZ', 'recorder', undoRemove, () => programmeNow().removed.some(({ bulletinId }) => bulletinId === desk.bulletin?.id)),
  here('script', 'programme.actions.script', 'Alt+KeyL', 'recorder', () => desk.focusScript?.(), chosen),
  here('sound', 'programme.actions.sound', 'Alt+KeyA', 'recorder', () => desk.focusSound?.(), chosen),
  here('picture', 'programme.actions.picture', 'Alt+KeyP', 'editor', () => desk.pickPicture?.(), chosen),
  here('record', 'programme.actions.record', 'Alt+KeyR', 'recorder', async () => {
    await desk.saveNow?.()
    const story = chosenStory()
    if (story !== null) recordStory(story)
  }, chosen),
  here('stories', 'programme.actions.stories', 'Alt+KeyT', 'viewer', () => desk.focusStories?.()),
  here('facts', 'programme.actions.facts', 'Alt+KeyI', 'recorder', () => showProgramme({ dialog: 'facts' })),
  here('template', 'programme.actions.template', 'Alt+KeyM', 'recorder', () => showProgramme({ dialog: 'template' })),
  here('level', 'programme.actions.level', 'Alt+KeyN', 'viewer', async () => {
    await desk.saveNow?.()
    showProgramme({ dialog: 'level' })
  }, () => desk.bulletin?.stories.some(({ sounds }) => sounds.length > 0) ?? false),
  here('assemble', 'programme.actions.assemble', 'Ctrl+KeyE', 'editor', async () => {
    await desk.saveNow?.()
    showProgramme({ dialog: 'assemble' })
  }, () => (desk.bulletin?.stories.length ?? 0) > 0),
  here('back', 'programme.actions.back', 'Alt+ArrowLeft', 'viewer', async () => {
    await desk.saveNow?.()
    showProgramme({ bulletinId: null, storyId: null })
  }),
]

export const listActions: readonly Action[] = [here('new', 'programme.actions.new', 'Insert', 'recorder', () => showProgramme({ dialog: 'new' }))]
