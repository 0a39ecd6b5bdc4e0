import { create } from 'zustand'
import type { Bulletin } from '#contract/programme.ts'

export type ProgrammeMode = 'compose' | 'review'
export type ProgrammeDialog = 'none' | 'new' | 'facts' | 'template' | 'assemble' | 'level'

/** What the page shows; it outlives a visit to the recorder or the editor and back. */
interface ProgrammeView {
  readonly mode: ProgrammeMode
  readonly bulletinId: string | null
  readonly storyId: string | null
  readonly itemId: string | null
  readonly dialog: ProgrammeDialog
  /** Removed stories, newest last: for Ctrl Z. */
  readonly removed: readonly { readonly bulletinId: string; readonly storyId: string; readonly title: string }[]
  /** Told to screen readers. */
  readonly said: string
}
export const useProgramme = create<ProgrammeView>(() => ({ mode: 'compose', bulletinId: null, storyId: null, itemId: null, dialog: 'none', removed: [], said: '' }))
export const showProgramme = (change: Partial<ProgrammeView>): void => useProgramme.setState(change)
export const programmeNow = (): ProgrammeView => useProgramme.getState()

/** The bulletin as the page last saw it, and places of the mounted page that keys reach for. */
export const desk: { bulletin: Bulletin | null; focusScript: (() => void) | null; focusTitle: (() => void) | null; focusSound: (() => void) | null; focusStories: (() => void) | null; pickPicture: (() => Promise<void>) | null; saveNow: (() => Promise<void>) | null } = {
  bulletin: null, focusScript: null, focusTitle: null, focusSound: null, focusStories: null, pickPicture: null, saveNow: null,
}
export const chosenStory = (): Bulletin['stories'][number] | null => desk.bulletin?.stories.find(({ id }) => id === programmeNow().storyId) ?? null
