import { notifications } from '@mantine/notifications'
import { createElement } from 'react'
import type { ProcedureInput } from '#contract/index.ts'
import type { Bulletin, Story } from '#contract/programme.ts'
import { call, queryClient } from '../../app/station-client/index.ts'
import { translate } from '../../i18n/index.ts'
import { chosenStory, desk, programmeNow, showProgramme } from './programme-store.ts'
import { UndoLine } from '../../ui/index.ts'

/** What the station answers is shown at once; the event that follows only confirms it. */
export function took(bulletin: Bulletin): Bulletin {
  queryClient.setQueryData(['programme.open', JSON.stringify({ bulletinId: bulletin.id })], bulletin)
  desk.bulletin = bulletin
  return bulletin
}

export async function addStory(): Promise<void> {
  const { bulletin } = desk
  if (bulletin === null) return
  await desk.saveNow?.()
  const known = new Set(bulletin.stories.map(({ id }) => id))
  const after = chosenStory()?.id ?? bulletin.stories.at(-1)?.id ?? null
  const next = took(await call('programme.addStory', { bulletinId: bulletin.id, afterStoryId: after, title: translate('programme.story.newTitle', { number: bulletin.stories.length + 1 }) }))
  showProgramme({ storyId: next.stories.find(({ id }) => !known.has(id))?.id ?? null })
  // The new panel must be there before it can be written in.
  requestAnimationFrame(() => desk.focusTitle?.())
}

type StoryChange = Omit<ProcedureInput<'programme.updateStory'>, 'storyId' | 'rev'>
export async function changeStory(story: Pick<Story, 'id' | 'rev'>, change: StoryChange): Promise<Bulletin> {
  return took(await call('programme.updateStory', { storyId: story.id, rev: story.rev, ...change }))
}

/** @param place index among the other stories */
export async function moveStory(story: Story, place: number): Promise<void> {
  const others = desk.bulletin?.stories.filter(({ id }) => id !== story.id) ?? []
  const next = took(await call('programme.moveStory', { storyId: story.id, rev: story.rev, afterStoryId: others[place - 1]?.id ?? null }))
  showProgramme({ said: translate('programme.said.moved', { title: story.title, place: next.stories.findIndex(({ id }) => id === story.id) + 1 }) })
}
export async function moveChosen(by: -1 | 1): Promise<void> {
  await desk.saveNow?.()
  const story = chosenStory()
  const at = desk.bulletin?.stories.findIndex(({ id }) => id === story?.id) ?? -1
  const place = at + by
  if (story === null || place < 0 || place >= (desk.bulletin?.stories.length ?? 0)) return
  await moveStory(story, place)
}

export async function removeChosen(): Promise<void> {
  await desk.saveNow?.()
  const story = chosenStory()
  const { bulletin } = desk
  if (story === null || bulletin === null) return
  const at = bulletin.stories.findIndex(({ id }) => id === story.id)
  const next = took(await call('programme.removeStory', { storyId: story.id, rev: story.rev }))
  showProgramme({ storyId: (next.stories[at] ?? next.stories.at(-1))?.id ?? null, removed: [...programmeNow().removed, { bulletinId: bulletin.id, storyId: story.id, title: story.title }] })
  const id = `removed-${story.id}`
  notifications.show({
    id, autoClose: 8000, withBorder: true, closeButtonProps: { 'aria-label': translate('app.close') },
    message: createElement(UndoLine, {
      label: translate('programme.undo'), testId: 'programme-undo',
      text: translate('programme.said.removed', { title: story.title }),
      onUndo: () => {
        notifications.hide(id)
        void undoRemove()
      },
    }),
  })
}
export async function undoRemove(): Promise<void> {
  const last = programmeNow().removed.filter(({ bulletinId }) => bulletinId === desk.bulletin?.id).at(-1)
  if (last === undefined) return
  showProgramme({ removed: programmeNow().removed.filter((one) => one !== last) })
  took(await call('programme.restoreStory', { storyId: last.storyId }))
  showProgramme({ storyId: last.storyId, said: translate('programme.said.restored', { title: last.title }) })
}

export async function removeBulletin(bulletin: { id: string; rev: number; title: string }): Promise<void> {
  await call('programme.remove', { bulletinId: bulletin.id, rev: bulletin.rev })
  if (programmeNow().bulletinId === bulletin.id) showProgramme({ bulletinId: null, storyId: null })
  const id = `removed-${bulletin.id}`
  notifications.show({
    id, autoClose: 8000, withBorder: true, closeButtonProps: { 'aria-label': translate('app.close') },
    message: createElement(UndoLine, {
      label: translate('programme.undo'), testId: 'programme-undo',
      text: translate('programme.said.bulletinRemoved', { title: bulletin.title }),
      onUndo: () => {
        notifications.hide(id)
        void call('programme.restore', { bulletinId: bulletin.id })
      },
    }),
  })
}
