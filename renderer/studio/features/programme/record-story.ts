import type { Story } from '#contract/programme.ts'
import { call, connection } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { go, useNavigation } from '../../app/navigation/index.ts'
import { translate } from '../../i18n/index.ts'

/** The story that the next recording is for. It waits as long as the person stays at the recorder. */
let waiting: { readonly storyId: string; readonly title: string; readonly since: number } | null = null

/** To the recorder with the script beside the meter; the take comes back as the sound of the story. */
export function recordStory(story: Pick<Story, 'id' | 'title' | 'script'>): void {
  waiting = { storyId: story.id, title: story.title, since: Date.now() }
  go('recorder', { title: story.title, script: story.script, storyId: story.id })
}
export const isRecordingFor = (storyId: string): boolean => waiting?.storyId === storyId

connection.on('recorder.changed', (take) => {
  const wanted = waiting
  // A take of before, or of another microphone that was already running, is not this story.
  if (wanted === null || take.itemId === null || take.startedAt < wanted.since - 1000 || (take.state !== 'saved' && take.state !== 'recovered')) return
  waiting = null
  void call('programme.addSound', { storyId: wanted.storyId, itemId: take.itemId }).then(() => showDone(translate('programme.said.recorded', { title: wanted.title })), showError)
})
useNavigation.subscribe((now, before) => {
  // Coming back keeps it a moment longer: the take may still be on its way into the library.
  if (before.page === 'recorder' && now.page !== 'recorder' && now.page !== 'programme') waiting = null
})
