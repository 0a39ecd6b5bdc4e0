import { Modal } from '@mantine/core'
import type { Bulletin } from '#contract/programme.ts'
import { useT } from '../../i18n/index.ts'
import { LevelItems } from '../levelling/index.ts'
import { changeStory } from './changes.ts'
import { desk, showProgramme, useProgramme } from './programme-store.ts'

/** All sounds of the stories against the station's standard, at once; limited copies take the place of what they were made from. */
export function LevelDialog(props: { bulletin: Bulletin }) {
  const t = useT()
  const opened = useProgramme((view) => view.dialog === 'level')
  const itemIds = [...new Set(props.bulletin.stories.flatMap(({ sounds }) => sounds.filter(({ missing }) => !missing).map(({ itemId }) => itemId)))]
  return (
    <Modal opened={opened} onClose={() => showProgramme({ dialog: 'none' })} size={720} title={t('programme.level.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && <LevelItems title={props.bulletin.title} itemIds={itemIds} onCopies={put} />}
    </Modal>
  )
}

async function put(copies: ReadonlyMap<string, string>): Promise<void> {
  const { bulletin } = desk
  // One after the other: each answer brings the revisions of the next.
  for (const { id } of bulletin?.stories ?? []) {
    const story = desk.bulletin?.stories.find((one) => one.id === id)
    if (story === undefined || !story.sounds.some(({ itemId }) => copies.has(itemId))) continue
    await changeStory(story, { itemIds: story.sounds.map(({ itemId }) => copies.get(itemId) ?? itemId) })
  }
}
