import { useEffect, useRef, useState } from 'react'
import { ActionIcon, Combobox, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowUp, IconX } from '@tabler/icons-react'
import type { Story } from '#contract/programme.ts'
import { useT } from '../../i18n/index.ts'
import { lengthText } from '../../i18n/formats.ts'
import { Kbd, StateBadge } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { changeStory } from './changes.ts'
import { desk } from './programme-store.ts'

/** Sounds of the story in their order, and a search that puts another one behind them: letters, arrows, Enter. */
export function SoundField(props: { story: Story; mayWrite: boolean }) {
  const t = useT()
  const { story, mayWrite } = props
  const set = async (change: (itemIds: readonly string[]) => string[]): Promise<void> => {
    await desk.saveNow?.()
    const now = desk.bulletin?.stories.find(({ id }) => id === story.id) ?? story
    await changeStory(now, { itemIds: change(now.sounds.map(({ itemId }) => itemId)) })
  }
  return (
    <div className="story-sounds" role="group" aria-label={t('programme.sound.label')}>
      <span className="story-label">{t('programme.sound.label')} <Kbd>Alt A</Kbd></span>
      {story.sounds.map((sound, index) => (
        <div key={sound.itemId} className="story-sound" data-testid="story-sound">
          <span className="name" title={sound.title}>{sound.missing ? <StateBadge tone="bad">{t('programme.sound.missing')}</StateBadge> : sound.title}</span>
          <span className="dim">{lengthText(sound.lengthSamples)}</span>
          {mayWrite && index > 0 && <ActionIcon size="sm" variant="subtle" aria-label={t('programme.sound.up', { title: sound.title })} onClick={() => void set((all) => all.toSpliced(index - 1, 2, ...all.slice(index, index + 1), ...all.slice(index - 1, index))).catch(showError)}><IconArrowUp size={14} /></ActionIcon>}
          {mayWrite && <ActionIcon size="sm" variant="subtle" aria-label={t('programme.sound.remove', { title: sound.title })} onClick={() => void set((all) => all.filter((id) => id !== sound.itemId)).catch(showError)} data-testid="sound-remove"><IconX size={14} /></ActionIcon>}
        </div>
      ))}
      {mayWrite && <SoundSearch taken={story.sounds.map(({ itemId }) => itemId)} onChoose={(itemId) => void set((all) => (all.includes(itemId) ? [...all] : [...all, itemId])).catch(showError)} />}
    </div>
  )
}

function SoundSearch(props: { taken: readonly string[]; onChoose: (itemId: string) => void }) {
  const t = useT()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [query] = useDebouncedValue(text, 150)
  const [asked, setAsked] = useState(false)
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption(), onDropdownOpen: () => setAsked(true) })
  const found = useStationQuery('library.list', { query, limit: 30 }, { events: ['library.changed'], enabled: asked })
  const items = (found.data?.items ?? []).filter((item) => !props.taken.includes(item.id) && item.kind !== 'siren')
  // The store is a new object with every render; what is done with it later means the newest.
  const store = useRef(box)
  store.current = box
  useEffect(() => {
    desk.focusSound = () => {
      input.current?.focus()
      store.current.openDropdown()
    }
    return () => {
      desk.focusSound = null
    }
  }, [])
  // The first hit stands ready for Enter whenever the words have changed.
  const first = text === query ? items[0]?.id : undefined
  useEffect(() => {
    if (first !== undefined) store.current.selectFirstOption()
  }, [first])
  return (
    <Combobox store={box} onOptionSubmit={(itemId) => {
      props.onChoose(itemId)
      setText('')
      box.closeDropdown()
    }}>
      <Combobox.Target>
        <TextInput ref={input} aria-label={t('programme.sound.search')} placeholder={t('programme.sound.search')} value={text} maxLength={200} data-testid="sound-search"
          onChange={(event) => {
            setText(event.currentTarget.value)
            box.openDropdown()
          }}
          onFocus={() => box.openDropdown()} onBlur={() => box.closeDropdown()}
          onKeyDown={(event) => {
            if (event.code === 'Escape' && !event.nativeEvent.isComposing && !box.dropdownOpened) desk.focusStories?.()
          }} />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={220} style={{ overflowY: 'auto' }} aria-label={t('programme.sound.search')}>
          {items.map((item) => (
            <Combobox.Option key={item.id} value={item.id} data-testid="sound-option">
              <span className="sound-option"><span className="name">{item.title}</span><span className="dim">{t(`library.kinds.${item.kind}`)} · {lengthText(item.lengthSamples)}</span></span>
            </Combobox.Option>
          ))}
          {items.length === 0 && <Combobox.Empty>{t('programme.sound.none')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
