import { useEffect, useRef, useState } from 'react'
import { ActionIcon, Button, Group, Textarea, TextInput } from '@mantine/core'
import { IconMicrophone, IconPhotoPlus, IconTrash, IconX } from '@tabler/icons-react'
import { readingOf } from '#common/programme/index.ts'
import type { Bulletin, Story } from '#contract/programme.ts'
import { AppError } from '#contract/errors.ts'
import { useT } from '../../i18n/index.ts'
import { lengthText } from '../../i18n/formats.ts'
import { EmptyNote, Kbd, Panel } from '../../ui/index.ts'
import { runAction } from '../../app/actions/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call, fileUrl, queryClient, useMay } from '../../app/station-client/index.ts'
import { deskActions } from './actions.ts'
import { changeStory } from './changes.ts'
import { desk } from './programme-store.ts'
import { SoundField } from './sound-field.tsx'

const IDLE_MS = 1200

/** Words, sound and picture of the chosen story. What is written is kept by itself a moment after the last key, and when the field is left. */
export function StoryPanel(props: { bulletin: Bulletin; story: Story | null }) {
  const t = useT()
  const { story } = props
  if (story === null) return <Panel label={t('programme.story.region')} data-testid="story-panel"><EmptyNote>{t('programme.story.choose')}</EmptyNote></Panel>
  return <Panel title={t('programme.story.panel', { place: props.bulletin.stories.findIndex(({ id }) => id === story.id) + 1 })} aside={<Deeds />} className="story-panel" label={t('programme.story.region')} data-testid="story-panel"><Fields key={story.id} story={story} speed={props.bulletin.template.syllablesPerMinute} /></Panel>
}

const run = (id: string): void => {
  const action = deskActions.find((one) => one.id === `programme.${id}`)
  if (action !== undefined) void runAction(action)
}

function Deeds() {
  const t = useT()
  const mayWrite = useMay('recorder')
  if (!mayWrite) return null
  return (
    <>
      <Button size="compact-sm" color="#b3151b" leftSection={<IconMicrophone size={14} aria-hidden />} onClick={() => run('record')} data-testid="story-record">{t('programme.story.record')}</Button>
      <ActionIcon variant="default" size="md" aria-label={t('programme.actions.remove')} onClick={() => run('remove')} data-testid="story-remove"><IconTrash size={15} /></ActionIcon>
    </>
  )
}

type Draft = Pick<Story, 'title' | 'script' | 'reader'>
const draftOf = ({ title, script, reader }: Story): Draft => ({ title, script, reader })

function Fields(props: { story: Story; speed: number }) {
  const t = useT()
  const { story } = props
  const mayWrite = useMay('recorder')
  const mayPicture = useMay('editor')
  const [draft, setDraft] = useState(() => draftOf(story))
  const titleField = useRef<HTMLInputElement>(null)
  const scriptField = useRef<HTMLTextAreaElement>(null)
  /** What the station has; the difference to the draft is what is still to be sent. */
  const kept = useRef({ story, draft: draftOf(story) })
  const latest = useRef(draft)
  latest.current = draft
  const sending = useRef<Promise<void>>(Promise.resolve())
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)

  // Somebody else's words come in where this person has not written since.
  useEffect(() => {
    if (story.rev < kept.current.story.rev) return
    const before = kept.current.draft
    kept.current = { story, draft: draftOf(story) }
    setDraft((now) => ({
      title: now.title === before.title ? story.title : now.title, script: now.script === before.script ? story.script : now.script, reader: now.reader === before.reader ? story.reader : now.reader,
    }))
  }, [story])

  const save = useRef((): Promise<void> => {
    if (timer.current !== null) clearTimeout(timer.current)
    timer.current = null
    sending.current = sending.current.then(async () => {
      const { story: known, draft: old } = kept.current
      const now = { ...latest.current, title: latest.current.title.trim() === '' ? old.title : latest.current.title.trim() }
      const change = { ...(now.title === old.title ? {} : { title: now.title }), ...(now.script === old.script ? {} : { script: now.script }), ...(now.reader === old.reader ? {} : { reader: now.reader }) }
      if (Object.keys(change).length === 0) return
      try {
        const saved = (await changeStory(known, change)).stories.find(({ id }) => id === known.id)
        if (saved !== undefined) kept.current = { story: saved, draft: draftOf(saved) }
      } catch (error) {
        showError(error)
        // The words stay in the field; the newest revision is fetched, and the next save goes on from it.
        if (error instanceof AppError && error.code === 'stale') await queryClient.invalidateQueries({ queryKey: ['programme.open'] })
      }
    })
    return sending.current
  })
  const write = (change: Partial<Draft>): void => {
    setDraft({ ...draft, ...change })
    if (timer.current !== null) clearTimeout(timer.current)
    timer.current = setTimeout(() => void save.current(), IDLE_MS)
  }
  useEffect(() => {
    const saveNow = save.current
    desk.saveNow = saveNow
    desk.focusScript = () => scriptField.current?.focus()
    desk.focusTitle = () => {
      titleField.current?.focus()
      titleField.current?.select()
    }
    return () => {
      desk.saveNow = null
      desk.focusScript = null
      desk.focusTitle = null
      void saveNow()
    }
  }, [])

  const reading = readingOf(draft.script, props.speed)
  const leave = (event: { code: string; preventDefault: () => void; nativeEvent: { isComposing: boolean } }): void => {
    if (event.nativeEvent.isComposing || event.code !== 'Escape') return
    event.preventDefault()
    desk.focusStories?.()
  }
  return (
    <div className="story-fields">
      <Group gap={8} grow wrap="nowrap" preventGrowOverflow={false}>
        <TextInput ref={titleField} label={t('programme.story.title')} value={draft.title} maxLength={200} disabled={!mayWrite} onChange={(event) => write({ title: event.currentTarget.value })} onBlur={() => void save.current()} onKeyDown={leave} data-testid="story-title" style={{ flex: 2 }} />
        <TextInput label={t('programme.story.reader')} value={draft.reader} maxLength={120} disabled={!mayWrite} onChange={(event) => write({ reader: event.currentTarget.value })} onBlur={() => void save.current()} onKeyDown={leave} data-testid="story-reader" style={{ flex: 1 }} />
      </Group>
      <Textarea ref={scriptField} label={<Group gap={8} justify="space-between" wrap="nowrap"><span>{t('programme.story.script')} <Kbd>Alt L</Kbd></span></Group>} value={draft.script} maxLength={20_000} disabled={!mayWrite} classNames={{ root: 'story-script', wrapper: 'story-script-box', input: 'story-script-text' }}
        onChange={(event) => write({ script: event.currentTarget.value })} onBlur={() => void save.current()} onKeyDown={leave} data-testid="story-script" />
      <p className="story-count dim" data-testid="story-count">{t('programme.story.count', { words: reading.words, syllables: reading.syllables, length: lengthText(reading.lengthSamples) })}</p>
      <SoundField story={story} mayWrite={mayWrite} />
      <Picture story={story} mayWrite={mayPicture} />
    </div>
  )
}

function Picture(props: { story: Story; mayWrite: boolean }) {
  const t = useT()
  const { story } = props
  const pick = useRef(async (): Promise<void> => undefined)
  pick.current = async () => {
    const [path] = await window.vangxa.pickFiles('image')
    if (path === undefined) return
    const { sha256 } = await call('screens.importImage', { path })
    await desk.saveNow?.()
    const now = desk.bulletin?.stories.find(({ id }) => id === story.id) ?? story
    await changeStory(now, { image: sha256 })
  }
  useEffect(() => {
    desk.pickPicture = () => pick.current()
    return () => {
      desk.pickPicture = null
    }
  }, [])
  const remove = async (): Promise<void> => {
    await desk.saveNow?.()
    const now = desk.bulletin?.stories.find(({ id }) => id === story.id) ?? story
    await changeStory(now, { image: null })
  }
  return (
    <div className="story-picture">
      {story.image === null ? <span className="story-picture-none dim">{t('programme.picture.none')}</span> : <img src={fileUrl('image', story.image)} alt={t('programme.picture.of', { title: story.title })} data-testid="story-image" />}
      {props.mayWrite && <Group gap={6}>
        <Button size="compact-sm" variant="default" leftSection={<IconPhotoPlus size={14} aria-hidden />} onClick={() => void pick.current().catch(showError)} data-testid="story-picture">{t(story.image === null ? 'programme.picture.add' : 'programme.picture.change')}</Button>
        {story.image !== null && <ActionIcon variant="default" size="md" aria-label={t('programme.picture.remove')} onClick={() => void remove().catch(showError)}><IconX size={14} /></ActionIcon>}
      </Group>}
    </div>
  )
}
