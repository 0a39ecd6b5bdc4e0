import type { Story } from '#contract/programme.ts'
import { call, connection } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { go, useNavigation } from '../../app/navigation/index.ts'
import { translate } from '../../i18n/index.ts'
import { changeSettings, setScript, useRecorderStore } from '../recorder/index.ts'

/** The story that the next recording is for. `groupId`: the run that has begun to arrive; all its parts belong to the story. */
let waiting: { readonly storyId: string; readonly title: string; readonly since: number; readonly groupId: string | null } | null = null
const assigned = new Set<string>()

/** To the recorder with the script beside the meter; the take comes back as the sound of the story. */
export function recordStory(story: Pick<Story, 'id' | 'title' | 'script'>): void {
  waiting = { storyId: story.id, title: story.title, since: Date.now(), groupId: null }
  useRecorderStore.setState({ title: story.title })
  if (story.script.trim() !== '') {
    setScript(story.script)
    changeSettings({ side: 'script' })
  }
  go('recorder')
}

connection.on('recorder.changed', (take) => {
  const { itemId } = take
  if (waiting === null || itemId === null || assigned.has(itemId) || (take.state !== 'saved' && take.state !== 'recovered')) return
  // A run that was already under way, or the next one after this story's, is something else.
  if (waiting.groupId === null ? take.startedAt < waiting.since - 1000 : take.groupId !== waiting.groupId) return
  const { storyId, title } = waiting
  waiting = { ...waiting, groupId: take.groupId }
  assigned.add(itemId)
  void call('programme.addSound', { storyId, itemId }).then(() => showDone(translate('programme.said.recorded', { title })), showError)
})
useNavigation.subscribe((now, before) => {
  // Back on the bulletin the take may still be on its way into the library; anywhere else the person is at something else.
  if (before.page === 'recorder' && now.page !== 'recorder' && now.page !== 'programme') waiting = null
})
