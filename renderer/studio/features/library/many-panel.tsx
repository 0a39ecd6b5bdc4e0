import { useState, type FormEvent } from 'react'
import { ActionIcon, Badge, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { Item } from '#contract/library.ts'
import { useT } from '../../i18n/index.ts'
import { lengthText } from '../../i18n/formats.ts'
import { Kbd, Panel, StateBadge } from '../../ui/index.ts'
import { useMay, useStationQuery } from '../../app/station-client/index.ts'
import { errorText, showError } from '../../app/errors/index.ts'
import { LevelItems } from '../levelling/index.ts'
import { copyIn } from './item-place.tsx'
import { manyHandles, showLibrary, useLibraryView } from './library-store.ts'
import { changeTags, mayTake, offerCopiesBack, takeStep, type Refused } from './many-steps.ts'
import { states, stateTone } from './words.ts'

/** What can be done with several items at once. */
export function ManyPanel() {
  const t = useT()
  const { chosen, levelOpen } = useLibraryView()
  const { data } = useStationQuery('library.items', { itemIds: [...chosen] }, { events: ['library.changed'] })
  const items = data?.items ?? []
  const [mayRecord, mayApprove] = [useMay('recorder'), useMay('approver')]
  const [refused, setRefused] = useState<readonly Refused[]>([])
  const step = (name: 'submit' | 'approve'): void => void takeStep(items, name).then(setRefused, showError)
  manyHandles.submit = () => step('submit')
  manyHandles.approve = () => step('approve')
  const inPlace = items.filter(({ place }) => place?.state === 'here')
  const [toSubmit, toApprove] = [mayTake(items, 'submit'), mayTake(items, 'approve')]
  return (
    <Panel label={t('holdings.many.region')} className="library-detail" data-testid="many-panel">
      <Stack gap={10}>
        <Group gap={8} wrap="nowrap">
          <Text fw={600} role="status" data-testid="many-count">{t('holdings.many.count', { count: items.length, length: lengthText(items.reduce((sum, { lengthSamples }) => sum + lengthSamples, 0)) })}</Text>
          <Button size="compact-xs" variant="subtle" ml="auto" onClick={() => showLibrary({ chosen: new Set() })} rightSection={<Kbd>Esc</Kbd>} data-testid="many-none">{t('holdings.many.none')}</Button>
        </Group>
        <Group gap={6}>
          {states.map((state) => [state, items.filter((item) => item.state === state).length] as const).filter(([, count]) => count > 0).map(([state, count]) => <StateBadge key={state} tone={stateTone[state]}>{t(`library.states.${state}`)}: {count}</StateBadge>)}
        </Group>
        <Stack gap={6}>
          {mayRecord && <Button size="xs" variant="default" onClick={() => showLibrary({ levelOpen: true })} rightSection={<Kbd>Ctrl L</Kbd>} data-testid="many-level">{t('holdings.many.level')}</Button>}
          {mayRecord && <Button size="xs" variant="light" disabled={toSubmit.length === 0} onClick={() => step('submit')} rightSection={<Kbd>Ctrl Shift Enter</Kbd>} data-testid="many-submit">{t('holdings.many.submit', { count: toSubmit.length })}</Button>}
          {mayApprove && <Button size="xs" color="#17622b" disabled={toApprove.length === 0} onClick={() => step('approve')} rightSection={<Kbd>Ctrl Enter</Kbd>} data-testid="many-approve">{t('holdings.many.approve', { count: toApprove.length })}</Button>}
          {mayRecord && inPlace.length > 0 && <Button size="xs" variant="default" onClick={() => void copyIn(inPlace).catch(showError)} data-testid="many-copy-in">{t('holdings.many.copyIn', { count: inPlace.length })}</Button>}
        </Stack>
        {refused.length > 0 && (
          <ul className="library-refused" data-testid="many-refused">
            {refused.map(({ title, error }) => <li key={title}><Text size="xs"><b>{title}</b> {errorText(error.code, error.data).happened}</Text></li>)}
          </ul>
        )}
        <Tags items={items} mayEdit={mayRecord} />
      </Stack>
      <Modal opened={levelOpen} onClose={() => showLibrary({ levelOpen: false })} size={720} title={t('holdings.many.levelTitle', { count: items.length })} closeButtonProps={{ 'aria-label': t('app.close') }}>
        {levelOpen && <LevelItems title={t('holdings.many.levelTitle', { count: items.length })} itemIds={items.filter(({ fileMissing }) => fileMissing !== true).map(({ id }) => id)} onCopies={(copies) => Promise.resolve(offerCopiesBack(copies))} />}
      </Modal>
    </Panel>
  )
}

/** The tags of all of them, with how many carry each. */
function Tags(props: { items: readonly Item[]; mayEdit: boolean }) {
  const t = useT()
  const { items, mayEdit } = props
  const [tag, setTag] = useState('')
  const counts = new Map<string, number>()
  for (const { tags } of items) for (const one of tags) counts.set(one, (counts.get(one) ?? 0) + 1)
  const add = (event: FormEvent): void => {
    event.preventDefault()
    void changeTags(items, tag, 'add').then(() => setTag(''), showError)
  }
  return (
    <Stack gap={6}>
      <Text size="xs" fw={600}>{t('library.detail.tags')}</Text>
      <Group gap={4} data-testid="many-tags">
        {[...counts].map(([name, count]) => (
          <Badge key={name} variant="default" tt="none" fw={400} rightSection={mayEdit ? <ActionIcon size={14} variant="transparent" aria-label={t('holdings.many.untag', { tag: name })} onClick={() => void changeTags(items, name, 'remove').catch(showError)}><IconX size={11} /></ActionIcon> : undefined}>{name} · {count}</Badge>
        ))}
      </Group>
      {mayEdit && (
        <form onSubmit={add}>
          <Group gap={6} wrap="nowrap">
            <TextInput size="xs" style={{ flex: 1 }} maxLength={60} aria-label={t('holdings.many.tag')} placeholder={t('holdings.many.tag')} value={tag} onChange={(event) => setTag(event.currentTarget.value)} id="library-many-tag" data-testid="many-tag" />
            <Button size="xs" type="submit" variant="default" disabled={tag.trim() === ''} data-testid="many-tag-add">{t('holdings.many.addTag')}</Button>
          </Group>
        </form>
      )}
    </Stack>
  )
}
