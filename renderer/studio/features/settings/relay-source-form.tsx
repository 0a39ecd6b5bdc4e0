import { useState } from 'react'
import { ActionIcon, Button, Group, NativeSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { RelayFields, defaultRelayLimits } from '#contract/relay.ts'
import type { RelayLimits, RelayStation } from '#contract/relay.ts'
import { RelaySource } from '#contract/log-line.ts'
import { useT } from '../../i18n/index.ts'
import { call } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'

const MOST_ADDRESSES = 5
/** Shown in seconds, kept in ms. */
const times = ['preConnectMs', 'bufferMs', 'holdOffMs', 'silenceMs', 'returnMs'] as const
const labels = { preConnectMs: 'preConnect', bufferMs: 'buffer', holdOffMs: 'holdOff', silenceMs: 'silence', returnMs: 'return' } as const

interface Address { readonly kind: RelaySource['kind']; readonly text: string }
interface Draft { readonly title: string; readonly addresses: readonly Address[]; readonly limits: RelayLimits }

function draftOf(source: RelayStation | null): Draft {
  if (source === null) return { title: '', addresses: [{ kind: 'stream', text: '' }], limits: defaultRelayLimits }
  const { title, addresses, preConnectMs, bufferMs, holdOffMs, silenceDbfs, silenceMs, returnMs } = source
  return { title, addresses: addresses.map((one) => ({ kind: one.kind, text: one.kind === 'stream' ? one.url : one.path })), limits: { preConnectMs, bufferMs, holdOffMs, silenceDbfs, silenceMs, returnMs } }
}
function fieldsOf({ title, addresses, limits }: Draft): RelayFields | null {
  const read = RelayFields.safeParse({ ...limits, title, addresses: addresses.map(({ kind, text }) => (kind === 'stream' ? { kind, url: text.trim() } : { kind, path: text.trim() })) })
  return read.success ? read.data : null
}

export function RelaySourceForm(props: { source: RelayStation | null; onDone: () => void }) {
  const t = useT()
  const { source, onDone } = props
  const [draft, setDraft] = useState(() => draftOf(source))
  const fields = fieldsOf(draft)
  const setAddress = (index: number, change: Partial<Address>): void => setDraft({ ...draft, addresses: draft.addresses.map((one, n) => (n === index ? { ...one, ...change } : one)) })
  const setLimit = (change: Partial<RelayLimits>): void => setDraft({ ...draft, limits: { ...draft.limits, ...change } })
  const save = async (): Promise<void> => {
    if (fields === null) return
    if (source === null) await call('relay.add', fields)
    else await call('relay.change', { id: source.id, rev: source.rev, fields })
    showDone(t('settings.relay.saved'))
    onDone()
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); void save().catch(showError) }} data-testid="relay-form">
      <Stack gap="xs" p="xs" className="panel">
        <TextInput label={t('settings.relay.name')} value={draft.title} maxLength={200} onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })} data-autofocus data-testid="relay-title" />
        <Text size="sm" fw={600}>{t('settings.relay.addresses')}</Text>
        {draft.addresses.map((address, index) => (
          <Group key={index} wrap="nowrap" align="flex-end">
            <NativeSelect label={t('settings.relay.kind')} value={address.kind} data={[{ value: 'stream', label: t('log.relay.stream') }, { value: 'fileByDate', label: t('log.relay.fileByDate') }]} onChange={(event) => setAddress(index, { kind: event.currentTarget.value === 'fileByDate' ? 'fileByDate' : 'stream' })} />
            <TextInput flex={1} label={t('settings.relay.where')} value={address.text} maxLength={1000} placeholder={address.kind === 'stream' ? 'https://…' : 'tiep-song/{yyyy}-{MM}-{dd}/{HH}.mp3'} error={address.text !== '' && !isAddress(address) ? t('log.relay.wrong') : null}
              onChange={(event) => setAddress(index, { text: event.currentTarget.value })} data-testid="relay-address" />
            <ActionIcon variant="default" size={30} disabled={draft.addresses.length === 1} aria-label={t('settings.relay.removeAddress', { number: index + 1 })} onClick={() => setDraft({ ...draft, addresses: draft.addresses.filter((_, n) => n !== index) })}><IconTrash size={15} aria-hidden /></ActionIcon>
          </Group>
        ))}
        <Group><Button size="xs" variant="default" leftSection={<IconPlus size={15} aria-hidden />} disabled={draft.addresses.length >= MOST_ADDRESSES} onClick={() => setDraft({ ...draft, addresses: [...draft.addresses, { kind: 'stream', text: '' }] })}>{t('settings.relay.addAddress')}</Button></Group>
        <Group gap="xs" align="flex-end">
          {times.map((name) => (
            <NumberInput key={name} w={150} label={t(`settings.relay.${labels[name]}`)} min={0.1} max={120} step={0.5} decimalScale={1} value={draft.limits[name] / 1000} onChange={(typed) => typeof typed === 'number' && setLimit({ [name]: Math.round(typed * 1000) })} data-testid={`relay-${name}`} />
          ))}
          <NumberInput w={150} label={t('settings.relay.silenceDbfs')} min={-80} max={-20} value={draft.limits.silenceDbfs} onChange={(typed) => typeof typed === 'number' && setLimit({ silenceDbfs: typed })} />
        </Group>
        <Group>
          <Button type="submit" size="xs" disabled={fields === null} data-testid="relay-save">{t('settings.relay.save')}</Button>
          <Button size="xs" variant="default" onClick={onDone}>{t('settings.relay.close')}</Button>
        </Group>
      </Stack>
    </form>
  )
}

function isAddress({ kind, text }: Address): boolean {
  return RelaySource.safeParse(kind === 'stream' ? { kind, url: text.trim() } : { kind, path: text.trim() }).success
}
