import { useState } from 'react'
import { Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import type { Device, Targets, Unit } from '#contract/devices.ts'
import type { BoardNotice } from '#contract/screens.ts'
import { useT } from '../../i18n/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call, fileUrl } from '../../app/station-client/index.ts'
import { TargetTree } from '../fleet/index.ts'
import { instantOf, localTextOf } from './local-time.ts'

const HOUR_MS = 3_600_000

export function NoticeForm(props: { notice: BoardNotice | null; units: readonly Unit[]; devices: readonly Device[]; onDone: () => void }) {
  const t = useT()
  const { notice } = props
  const [title, setTitle] = useState(notice?.title ?? '')
  const [body, setBody] = useState(notice?.body ?? '')
  const [image, setImage] = useState(notice?.image ?? null)
  const [layer, setLayer] = useState(notice?.layer ?? 'full')
  const [targets, setTargets] = useState<Targets>(notice?.targets ?? { unitIds: props.units.filter((unit) => unit.parentId === null).map((unit) => unit.id), deviceIds: [] })
  const [from, setFrom] = useState(() => localTextOf(notice?.fromAt ?? Date.now()))
  const [to, setTo] = useState(() => localTextOf(notice?.toAt ?? Date.now() + 24 * HOUR_MS))
  const fromAt = instantOf(from)
  const toAt = instantOf(to)
  const locked = notice !== null && notice.state !== 'draft'
  const good = title.trim() !== '' && fromAt !== null && toAt !== null && toAt > fromAt
  const save = async (): Promise<void> => {
    if (fromAt === null || toAt === null) return
    try {
      await call('screens.save', { noticeId: notice?.id ?? null, rev: notice?.rev ?? 0, title, body, image, layer, targets, fromAt, toAt })
      props.onDone()
    } catch (error) {
      showError(error)
    }
  }
  const pickImage = async (): Promise<void> => {
    const [path] = await window.vangxa.pickFiles('image')
    if (path !== undefined) setImage((await call('screens.importImage', { path })).sha256)
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); if (good && !locked) void save() }}>
      <Stack gap="xs">
        <div className="board-preview" data-layer={layer} aria-label={t('boards.preview')} role="img">
          {image !== null && <img src={fileUrl('image', image)} alt="" />}
          <div><strong>{title === '' ? t('boards.title') : title}</strong><p>{body}</p></div>
        </div>
        {locked && <Text size="sm" className="dim">{t('boards.locked')}</Text>}
        <TextInput label={t('boards.title')} value={title} onChange={(event) => setTitle(event.currentTarget.value)} disabled={locked} required data-testid="notice-title" />
        <Textarea label={t('boards.body')} value={body} onChange={(event) => setBody(event.currentTarget.value)} rows={3} disabled={locked} data-testid="notice-body" />
        <Group grow align="flex-end">
          <Select label={t('boards.layer')} data={[{ value: 'full', label: t('boards.layers.full') }, { value: 'overlay', label: t('boards.layers.overlay') }]} value={layer} onChange={(value) => (value === 'full' || value === 'overlay') && setLayer(value)} allowDeselect={false} disabled={locked} />
          <Button variant="default" disabled={locked} onClick={() => void pickImage().catch(showError)}>{t(image === null ? 'boards.addImage' : 'boards.changeImage')}</Button>
        </Group>
        <Group grow>
          <TextInput type="datetime-local" label={t('boards.from')} value={from} onChange={(event) => setFrom(event.currentTarget.value)} disabled={locked} />
          <TextInput type="datetime-local" label={t('boards.to')} value={to} onChange={(event) => setTo(event.currentTarget.value)} disabled={locked} error={fromAt !== null && toAt !== null && toAt <= fromAt ? t('boards.toBeforeFrom') : null} />
        </Group>
        <TargetTree units={props.units} devices={props.devices} kind="screen" value={targets} onChange={setTargets} disabled={locked} />
        <Group justify="space-between">
          <Button type="submit" disabled={!good || locked} data-testid="save-notice">{t('app.save')}</Button>
          <Button variant="subtle" onClick={props.onDone}>{t('app.close')}</Button>
        </Group>
      </Stack>
    </form>
  )
}
