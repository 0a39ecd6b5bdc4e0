import { Button, Checkbox, Fieldset, Group, SegmentedControl, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { showError } from '../../../app/errors/index.ts'
import { useEditor } from '../editor-store.ts'
import { choosePreset, useExport, wish, wishSettings } from './export-store.ts'
import type { ExportWish } from './export-store.ts'
import { bitRates, formats, isLossless, presetNames } from './presets.ts'

const libraryFormats = ['wav', 'mp3', 'opus'] as const

export function LibraryFields(props: { disabled: boolean }) {
  const t = useT()
  const format = useExport((state) => state.settings.format)
  return (
    <div>
      <Text size="xs" fw={500} id="render-format">{t('exchange.format')}</Text>
      <SegmentedControl fullWidth size="xs" aria-labelledby="render-format" value={libraryFormats.find((one) => one === format) ?? 'wav'} disabled={props.disabled} data-testid="render-format"
        onChange={(value) => wishSettings({ format: libraryFormats.find((one) => one === value) ?? 'wav' })} data={libraryFormats.map((value) => ({ value, label: t(`exchange.libraryFormats.${value}`) }))} />
    </div>
  )
}

async function pickFolder(): Promise<void> {
  const [folder] = await window.vangxa.pickFiles('folder')
  if (folder !== undefined) wish({ folder })
}

/** Everything about a file outside of the library. */
export function ExportFields(props: { disabled: boolean }) {
  const t = useT()
  const { preset, folder, replace, onlySelection, hasBroadcast, hasCart, settings } = useExport()
  const selection = useEditor((state) => state.selection)
  const { disabled } = props
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput label={t('exchange.folder')} value={folder} placeholder={t('exchange.noFolder')} style={{ flex: 1 }} disabled={disabled} onChange={(event) => wish({ folder: event.currentTarget.value })} data-testid="export-folder" />
        <Button variant="default" disabled={disabled} onClick={() => void pickFolder().catch(showError)}>{t('exchange.pickFolder')}</Button>
      </Group>
      <Select label={t('exchange.preset')} value={preset} allowDeselect={false} disabled={disabled} data-testid="export-preset"
        data={[...presetNames, ...(preset === 'custom' ? ['custom' as const] : [])].map((value) => ({ value, label: t(`exchange.presets.${value}`) }))}
        onChange={(value) => {
          const chosen = presetNames.find((one) => one === value)
          if (chosen !== undefined) choosePreset(chosen)
        }} />
      <SimpleGrid cols={3} spacing="xs">
        <Select label={t('exchange.format')} value={settings.format} allowDeselect={false} disabled={disabled} data={formats.map((value) => ({ value, label: t(`exchange.formats.${value}`) }))} onChange={(value) => wishSettings({ format: formats.find((one) => one === value) ?? 'wav' })} />
        {isLossless(settings.format)
          ? <Select label={t('exchange.bits')} value={String(settings.bits)} allowDeselect={false} disabled={disabled} data={['16', '24'].map((value) => ({ value, label: t('exchange.bitsValue', { bits: value }) }))} onChange={(value) => wishSettings({ bits: value === '16' ? 16 : 24 })} />
          : <Select label={t('exchange.kbps')} value={String(settings.kbps)} allowDeselect={false} disabled={disabled} data={[...bitRates]} onChange={(value) => wishSettings({ kbps: Number(value ?? 128) })} />}
        <Select label={t('exchange.channels')} value={settings.channels} allowDeselect={false} disabled={disabled} data={(['own', 'mono', 'stereo'] as const).map((value) => ({ value, label: t(`exchange.channelNames.${value}`) }))}
          onChange={(value) => wishSettings({ channels: value === 'mono' || value === 'stereo' ? value : 'own' })} />
      </SimpleGrid>
      <Group gap="lg">
        <Checkbox label={t('exchange.range', { length: preciseText(selection === null ? 0 : selection.end - selection.start) })} checked={onlySelection && selection !== null} disabled={disabled || selection === null} onChange={(event) => wish({ onlySelection: event.currentTarget.checked })} />
        {settings.format !== 'flac' && <Checkbox label={t('exchange.chapters')} checked={settings.chapters} disabled={disabled} onChange={(event) => wishSettings({ chapters: event.currentTarget.checked })} />}
        <Checkbox label={t('exchange.replace')} checked={replace} disabled={disabled} onChange={(event) => wish({ replace: event.currentTarget.checked })} />
      </Group>
      <TagFields disabled={disabled} />
      {settings.format === 'wav' && (
        <Group align="flex-start" grow gap="xs">
          <Optional label={t('exchange.broadcast')} on={hasBroadcast} disabled={disabled} onChange={(on) => wish({ hasBroadcast: on })}><BroadcastFields disabled={disabled} /></Optional>
          <Optional label={t('exchange.cart')} on={hasCart} disabled={disabled} onChange={(on) => wish({ hasCart: on })}><CartFields disabled={disabled} /></Optional>
        </Group>
      )}
    </Stack>
  )
}

function Optional(props: { label: string; on: boolean; disabled: boolean; onChange: (on: boolean) => void; children: React.ReactNode }) {
  return (
    <Stack gap={4}>
      <Checkbox label={props.label} checked={props.on} disabled={props.disabled} onChange={(event) => props.onChange(event.currentTarget.checked)} />
      {props.on && props.children}
    </Stack>
  )
}

function TagFields(props: { disabled: boolean }) {
  const t = useT()
  const tags = useExport((state) => state.settings.tags)
  const field = (name: keyof ExportWish['settings']['tags']) => (
    <TextInput key={name} size="xs" label={t(`exchange.tag.${name}`)} value={tags[name]} maxLength={200} disabled={props.disabled} onChange={(event) => {
      const text = event.currentTarget.value
      useExport.setState((now) => ({ settings: { ...now.settings, tags: { ...now.settings.tags, [name]: text } } }))
    }} />
  )
  return <Fieldset legend={t('exchange.tags')} p="xs"><SimpleGrid cols={5} spacing="xs">{(['title', 'artist', 'album', 'date', 'comment'] as const).map(field)}</SimpleGrid></Fieldset>
}

function BroadcastFields(props: { disabled: boolean }) {
  const t = useT()
  const broadcast = useExport((state) => state.broadcast)
  const most = { description: 256, originator: 32, originatorReference: 32 } as const
  return (['description', 'originator', 'originatorReference'] as const).map((name) => (
    <TextInput key={name} size="xs" label={t(`exchange.bext.${name}`)} value={broadcast[name]} maxLength={most[name]} disabled={props.disabled} onChange={(event) => wish({ broadcast: { ...broadcast, [name]: event.currentTarget.value } })} />
  ))
}

function CartFields(props: { disabled: boolean }) {
  const t = useT()
  const cart = useExport((state) => state.cart)
  return (
    <SimpleGrid cols={2} spacing="xs">
      {(['cutId', 'category', 'classification', 'outCue', 'startDate', 'endDate'] as const).map((name) => (
        <TextInput key={name} size="xs" type={name === 'startDate' || name === 'endDate' ? 'date' : 'text'} label={t(`exchange.cartField.${name}`)} value={cart[name]} maxLength={64} disabled={props.disabled} onChange={(event) => wish({ cart: { ...cart, [name]: event.currentTarget.value } })} />
      ))}
    </SimpleGrid>
  )
}
