import { useState } from 'react'
import { Button, Group, Modal, NumberInput, Select, Stack, TextInput } from '@mantine/core'
import type { z } from 'zod'
import type { Bulletin, PieceSound, ProgrammeTemplate } from '#contract/programme.ts'
import { useT, type MessageKey } from '../../i18n/index.ts'
import { lengthText } from '../../i18n/formats.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { call, useMay, useStationQuery } from '../../app/station-client/index.ts'
import { took } from './changes.ts'
import { showProgramme, useProgramme } from './programme-store.ts'

type Sound = z.infer<typeof PieceSound>
const houseSounds = ['nhac-hieu', 'chuong-bao', 'nhac-nen'] as const
const plainBed = { fadeInMs: 800, fadeOutMs: 2500, crossfadeMs: 2000 }
const keyOf = (sound: Sound | undefined): string => (sound === undefined ? '' : sound.kind === 'item' ? sound.itemId : sound.name)
function soundOf(key: string): Sound {
  const name = houseSounds.find((one) => one === key)
  return name === undefined ? { kind: 'item', itemId: key } : { kind: 'builtIn', name }
}

/** What stands around the stories of this bulletin; kept with it, and as a template of the station when wanted. */
export function TemplateDialog(props: { bulletin: Bulletin }) {
  const t = useT()
  const opened = useProgramme((view) => view.dialog === 'template')
  const close = (): void => showProgramme({ dialog: 'none' })
  return (
    <Modal opened={opened} onClose={close} size={720} title={t('programme.template.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && <Form bulletin={props.bulletin} onClose={close} />}
    </Modal>
  )
}

function Form(props: { bulletin: Bulletin; onClose: () => void }) {
  const t = useT()
  const { bulletin } = props
  const [template, setTemplate] = useState<ProgrammeTemplate>(bulletin.template)
  const [name, setName] = useState('')
  const mayWrite = useMay('recorder')
  const mayKeep = useMay('editor')
  const stored = useStationQuery('programme.templates', {}, { events: ['programme.templatesChanged'] })
  const music = useStationQuery('library.list', { kinds: ['jingle', 'music'], limit: 300 }, { events: ['library.changed'] })
  const all = stored.data?.templates ?? []
  const [chosen, setChosen] = useState<string | null>(null)
  const own = all.find(({ id, builtIn }) => id === chosen && !builtIn)
  const set = (change: Partial<ProgrammeTemplate>): void => setTemplate({ ...template, ...change })
  const data = [
    { group: t('programme.template.house'), items: houseSounds.map((value) => ({ value, label: t(`programme.template.sounds.${value}`) })) },
    { group: t('programme.template.library'), items: (music.data?.items ?? []).map((item) => ({ value: item.id, label: `${item.title} (${lengthText(item.lengthSamples)})` })) },
  ]
  const piece = (key: 'intro' | 'jingle' | 'outro') => (
    <PieceRow label={t(`programme.template.${key}`)} data={data} sound={template[key]?.sound} gainDb={template[key]?.gainDb ?? 0} testId={`template-${key}`} disabled={!mayWrite}
      onSound={(value) => set({ [key]: value === null ? null : { sound: soundOf(value), gainDb: template[key]?.gainDb ?? 0 } })} onGain={(gainDb) => { const now = template[key]; if (now !== null) set({ [key]: { ...now, gainDb } }) }} />
  )
  const number = (label: MessageKey, value: number, onChange: (value: number) => void, range: { min: number; max: number; step?: number }, suffix = ' ms') => (
    <NumberInput label={t(label)} value={value} min={range.min} max={range.max} step={range.step ?? 100} clampBehavior="strict" allowDecimal={false} hideControls suffix={suffix} disabled={!mayWrite} onChange={(next) => typeof next === 'number' && onChange(next)} />
  )
  const save = async (): Promise<void> => {
    took(await call('programme.update', { bulletinId: bulletin.id, rev: bulletin.rev, template }))
    props.onClose()
  }
  const keep = async (): Promise<void> => {
    const kept = await call('programme.saveTemplate', { templateId: null, rev: 0, title: name.trim(), template })
    showDone(t('programme.template.kept', { title: kept.title }))
    setChosen(kept.id)
    setName('')
  }
  return (
    <form onSubmit={(event) => {
      event.preventDefault()
      void save().catch(showError)
    }}>
      <Stack gap="sm">
        <Group align="flex-end" gap={8} wrap="nowrap">
          <Select label={t('programme.template.from')} placeholder={t('programme.template.choose')} value={chosen} disabled={!mayWrite} style={{ flex: 1 }} data-testid="template-from" data={all.map(({ id, title, builtIn }) => ({ value: id, label: builtIn ? title : t('programme.template.own', { title }) }))}
            onChange={(id) => {
              const found = all.find((one) => one.id === id)
              if (found === undefined) return
              setChosen(found.id)
              setTemplate(found.template)
            }} />
          {own !== undefined && mayKeep && <Button variant="default" onClick={() => void call('programme.saveTemplate', { templateId: own.id, rev: own.rev, title: own.title, template }).then(() => showDone(t('programme.template.kept', { title: own.title })), showError)}>{t('programme.template.replace')}</Button>}
          {own !== undefined && mayKeep && <Button variant="default" onClick={() => void call('programme.removeTemplate', { templateId: own.id, rev: own.rev }).then(() => setChosen(null), showError)}>{t('programme.template.remove')}</Button>}
        </Group>
        {piece('intro')}
        {piece('jingle')}
        <PieceRow label={t('programme.template.bed')} data={data} sound={template.bed?.sound} gainDb={template.bed?.gainDb ?? -9} testId="template-bed" disabled={!mayWrite}
          onSound={(value) => set({ bed: value === null ? null : { ...plainBed, gainDb: -9, ...template.bed, sound: soundOf(value) } })} onGain={(gainDb) => { if (template.bed !== null) set({ bed: { ...template.bed, gainDb } }) }} />
        {piece('outro')}
        <Group grow align="flex-end">
          {number('programme.template.pause', template.pauseMs, (pauseMs) => set({ pauseMs }), { min: 0, max: 10_000 })}
          {number('programme.template.introOverlap', template.introOverlapMs, (introOverlapMs) => set({ introOverlapMs }), { min: 0, max: 15_000 })}
          {number('programme.template.outroOverlap', template.outroOverlapMs, (outroOverlapMs) => set({ outroOverlapMs }), { min: 0, max: 15_000 })}
          {number('programme.template.speed', template.syllablesPerMinute, (syllablesPerMinute) => set({ syllablesPerMinute }), { min: 100, max: 350, step: 5 }, '')}
        </Group>
        {template.bed !== null && <Group grow align="flex-end">
          {number('programme.template.reduce', template.duck.reduceDb, (reduceDb) => set({ duck: { ...template.duck, reduceDb } }), { min: 0, max: 40, step: 1 }, ' dB')}
          {number('programme.template.attack', template.duck.attackMs, (attackMs) => set({ duck: { ...template.duck, attackMs } }), { min: 10, max: 5000 })}
          {number('programme.template.hold', template.duck.holdMs, (holdMs) => set({ duck: { ...template.duck, holdMs } }), { min: 0, max: 10_000 })}
          {number('programme.template.release', template.duck.releaseMs, (releaseMs) => set({ duck: { ...template.duck, releaseMs } }), { min: 10, max: 10_000 })}
        </Group>}
        <Group justify="space-between" align="flex-end">
          {mayKeep ? <Group gap={6} align="flex-end"><TextInput label={t('programme.template.name')} value={name} maxLength={200} onChange={(event) => setName(event.currentTarget.value)} data-testid="template-name" /><Button variant="default" disabled={name.trim() === ''} onClick={() => void keep().catch(showError)} data-testid="template-keep">{t('programme.template.keep')}</Button></Group> : <span />}
          <Button type="submit" disabled={!mayWrite} data-testid="template-use">{t('programme.template.use')}</Button>
        </Group>
      </Stack>
    </form>
  )
}

interface Options { readonly group: string; readonly items: readonly { readonly value: string; readonly label: string }[] }
function PieceRow(props: { label: string; data: readonly Options[]; sound: Sound | undefined; gainDb: number; disabled: boolean; testId: string; onSound: (value: string | null) => void; onGain: (gainDb: number) => void }) {
  const t = useT()
  return (
    <Group gap={8} align="flex-end" wrap="nowrap">
      <Select label={props.label} placeholder={t('programme.template.none')} clearable clearButtonProps={{ 'aria-label': t('programme.template.none') }} searchable nothingFoundMessage={t('programme.sound.none')} value={props.sound === undefined ? null : keyOf(props.sound)} onChange={props.onSound} disabled={props.disabled} style={{ flex: 1 }} data-testid={props.testId}
        data={props.data.map(({ group, items }) => ({ group, items: [...items] }))} />
      <NumberInput label={t('programme.template.gain')} w={110} value={props.gainDb} min={-40} max={12} step={1} clampBehavior="strict" suffix=" dB" hideControls disabled={props.disabled || props.sound === undefined} onChange={(value) => typeof value === 'number' && props.onGain(value)} />
    </Group>
  )
}
