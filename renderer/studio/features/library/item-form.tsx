import { useState, type FormEvent } from 'react'
import { Button, Checkbox, Group, Select, Stack, TagsInput, Text, Textarea, TextInput } from '@mantine/core'
import { afterStep } from '#common/approval/index.ts'
import type { Item } from '#contract/library.ts'
import { useT } from '../../i18n/index.ts'
import { call, useMay } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { isKind, isOrigin, kinds, origins } from './words.ts'

const sameTags = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((tag, n) => tag === b[n])

/** What people write about an item. Sends only what they changed, with the revision they saw. */
export function ItemForm(props: { item: Item }) {
  const t = useT()
  const { item } = props
  const mayEdit = useMay('recorder')
  const [draft, setDraft] = useState({ title: item.title, kind: item.kind, origin: item.origin, essential: item.essential, tags: item.tags, note: item.note })
  const [saving, setSaving] = useState(false)
  const locked = !mayEdit || afterStep(item.state, 'edit') === null
  const changes = {
    ...(draft.title.trim() === item.title ? {} : { title: draft.title }), ...(draft.kind === item.kind ? {} : { kind: draft.kind }), ...(draft.origin === item.origin ? {} : { origin: draft.origin }),
    ...(draft.essential === item.essential ? {} : { essential: draft.essential }), ...(sameTags(draft.tags, item.tags) ? {} : { tags: draft.tags }), ...(draft.note === item.note ? {} : { note: draft.note }),
  }
  const changed = Object.keys(changes).length > 0 && draft.title.trim() !== ''
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!changed) return
    setSaving(true)
    try {
      await call('library.update', { itemId: item.id, rev: item.rev, ...changes })
      showDone(t('library.detail.saved'))
    } catch (error) {
      showError(error)
    } finally {
      setSaving(false)
    }
  }
  return (
    <form onSubmit={(event) => void save(event)}>
      <Stack gap={6}>
        {mayEdit && locked && <Text size="xs" className="dim">{t('library.detail.locked')}</Text>}
        <TextInput size="xs" label={t('library.detail.title')} value={draft.title} maxLength={200} disabled={locked} onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })} data-testid="detail-title-input" id="library-title-input" />
        <Group gap={6} grow align="flex-end">
          <Select size="xs" label={t('library.detail.kind')} data={kinds.map((kind) => ({ value: kind, label: t(`library.kinds.${kind}`) }))} value={draft.kind} disabled={locked} allowDeselect={false} onChange={(value) => isKind(value) && setDraft({ ...draft, kind: value })} />
          <Select size="xs" label={t('library.detail.origin')} data={origins.map((origin) => ({ value: origin, label: t(`library.origins.${origin}`) }))} value={draft.origin} disabled={locked} allowDeselect={false} onChange={(value) => isOrigin(value) && setDraft({ ...draft, origin: value })} />
        </Group>
        <Checkbox size="xs" label={t('library.detail.essential')} checked={draft.essential} disabled={locked} onChange={(event) => setDraft({ ...draft, essential: event.currentTarget.checked })} />
        <TagsInput size="xs" label={t('library.detail.tags')} placeholder={t('library.detail.tagsHint')} value={draft.tags} maxTags={40} disabled={!mayEdit} onChange={(tags) => setDraft({ ...draft, tags: tags.map((tag) => tag.trim().slice(0, 60)).filter((tag) => tag !== '') })} />
        <Textarea size="xs" label={t('library.detail.note')} value={draft.note} maxLength={4000} autosize minRows={2} maxRows={6} disabled={!mayEdit} onChange={(event) => setDraft({ ...draft, note: event.currentTarget.value })} />
        {mayEdit && <Button size="xs" type="submit" variant="default" disabled={!changed} loading={saving} data-testid="detail-save">{t('library.detail.save')}</Button>}
      </Stack>
    </form>
  )
}
