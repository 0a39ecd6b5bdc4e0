import { useEffect, useState, type ReactNode } from 'react'
import { ActionIcon, Checkbox, Group, MultiSelect, NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useT } from '../../i18n/index.ts'
import { secondsText } from '../../i18n/formats.ts'
import { clockOfDay, readClockOfDay, readLengthSec, weekdayShorts } from './texts.ts'

/** Text that is kept when the field is left or Enter is pressed; what cannot be read stays in the field and says why. */
export function KeptText(props: { label?: string; ariaLabel?: string; value: string; read: (text: string) => string | null; onKeep: (text: string) => void; disabled?: boolean | undefined; placeholder?: string; testId?: string; width?: number }) {
  const [text, setText] = useState(props.value)
  const [wrong, setWrong] = useState<string | null>(null)
  useEffect(() => {
    setText(props.value)
    setWrong(null)
  }, [props.value])
  const keep = (): void => {
    if (text === props.value) return setWrong(null)
    const fault = props.read(text)
    setWrong(fault)
    if (fault === null) props.onKeep(text)
  }
  return (
    <TextInput label={props.label} aria-label={props.ariaLabel} value={text} error={wrong} disabled={props.disabled === true} placeholder={props.placeholder} maxLength={200} style={props.width === undefined ? { flex: 1 } : { width: props.width }} data-testid={props.testId}
      onChange={(event) => setText(event.currentTarget.value)} onBlur={keep} onKeyDown={(event) => {
        if (event.code === 'Enter' && !event.nativeEvent.isComposing) keep()
        if (event.code === 'Escape') {
          setText(props.value)
          setWrong(null)
        }
      }} />
  )
}
export function NameField(props: { label: string; value: string; onKeep: (title: string) => void; disabled?: boolean | undefined; testId?: string; ariaLabel?: string }) {
  return <KeptText {...props} read={(text) => (text.trim() === '' ? props.label : null)} onKeep={(text) => props.onKeep(text.trim())} />
}
export function ClockField(props: { label?: string; ariaLabel?: string; seconds: number; onKeep: (seconds: number) => void; disabled?: boolean | undefined; testId?: string }) {
  const t = useT()
  return <KeptText {...props} width={88} value={clockOfDay(props.seconds)} read={(text) => (readClockOfDay(text) === null ? t('planning.clocks.wrongTime') : null)} onKeep={(text) => props.onKeep(readClockOfDay(text) ?? props.seconds)} />
}
/** @param seconds null = empty, where that is allowed */
export function LengthField(props: { label?: string; ariaLabel?: string; seconds: number | null; onKeep: (seconds: number | null) => void; mayBeEmpty?: boolean; disabled?: boolean | undefined; placeholder?: string; testId?: string }) {
  const t = useT()
  const read = (text: string): number | null | undefined => (text.trim() === '' ? (props.mayBeEmpty === true ? null : undefined) : (readLengthSec(text) ?? undefined))
  return <KeptText {...props} width={props.placeholder === undefined ? 88 : 142} value={props.seconds === null ? '' : secondsText(props.seconds)} read={(text) => (read(text) === undefined ? t('planning.clocks.wrongLength') : null)} onKeep={(text) => {
    const seconds = read(text)
    if (seconds !== undefined) props.onKeep(seconds)
  }} />
}
export function DateField(props: { label: string; value: string; onKeep: (date: string) => void; disabled?: boolean | undefined; testId?: string }) {
  return <TextInput type="date" label={props.label} value={props.value} disabled={props.disabled === true} data-testid={props.testId} onChange={(event) => event.currentTarget.value !== '' && props.onKeep(event.currentTarget.value)} />
}
export function CountField(props: { label?: string; ariaLabel?: string; value: number | null; onKeep: (value: number | null) => void; min: number; max: number; mayBeEmpty?: boolean; placeholder?: string; disabled?: boolean | undefined; width?: number; testId?: string }) {
  const [text, setText] = useState<number | string>(props.value ?? '')
  useEffect(() => setText(props.value ?? ''), [props.value])
  const keep = (): void => {
    if (typeof text === 'number' && text !== props.value) props.onKeep(text)
    else if (text === '' && props.value !== null) {
      if (props.mayBeEmpty === true) props.onKeep(null)
      else setText(props.value)
    }
  }
  return <NumberInput label={props.label} aria-label={props.ariaLabel} value={text} min={props.min} max={props.max} allowDecimal={false} allowNegative={false} clampBehavior="strict" hideControls disabled={props.disabled === true} placeholder={props.placeholder} w={props.width} data-testid={props.testId}
    onChange={setText} onBlur={keep} onKeyDown={(event) => {
      if (event.code === 'Enter') keep()
    }} />
}
export function TagField(props: { label: string; value: readonly string[]; onKeep: (tags: string[]) => void; placeholder?: string; disabled?: boolean | undefined; testId?: string }) {
  return <TagsInput size="xs" label={props.label} value={[...props.value]} placeholder={props.value.length === 0 ? props.placeholder : undefined} maxTags={40} acceptValueOnBlur disabled={props.disabled === true} onChange={props.onKeep} data-testid={props.testId} />
}
export function WeekdaysField(props: { label: string; value: readonly number[]; onKeep: (weekdays: number[]) => void; disabled?: boolean | undefined }) {
  const t = useT()
  return (
    <Checkbox.Group label={props.label} value={props.value.map(String)} onChange={(value) => props.onKeep(value.map(Number).toSorted((a, b) => a - b))}>
      <Group gap={10} mt={4}>{weekdayShorts(t).map((name, index) => <Checkbox key={name} size="xs" value={String(index + 1)} label={name} disabled={props.disabled === true} />)}</Group>
    </Checkbox.Group>
  )
}
const kinds = ['speech', 'programme', 'music', 'jingle', 'siren', 'message', 'recording'] as const
export function KindsField(props: { label: string; value: readonly (typeof kinds)[number][]; onKeep: (value: (typeof kinds)[number][]) => void; placeholder?: string; disabled?: boolean | undefined }) {
  const t = useT()
  return <MultiSelect label={props.label} value={[...props.value]} placeholder={props.value.length === 0 ? props.placeholder : undefined} disabled={props.disabled === true} data={kinds.map((kind) => ({ value: kind, label: t(`library.kinds.${kind}`) }))} onChange={(value) => props.onKeep(kinds.filter((kind) => value.includes(kind)))} />
}
export function PartSelect(props: { label?: string; ariaLabel?: string; value: string | null; parts: readonly { readonly id: string; readonly content: { readonly title: string } }[]; onKeep: (id: string | null) => void; nothing?: string; disabled?: boolean | undefined; width?: number; testId?: string }) {
  const data = [...(props.nothing === undefined ? [] : [{ value: '', label: props.nothing }]), ...props.parts.map(({ id, content }) => ({ value: id, label: content.title }))]
  return <Select label={props.label} aria-label={props.ariaLabel} value={props.value ?? ''} data={data} searchable={data.length > 8} allowDeselect={false} disabled={props.disabled === true} onChange={(value) => props.onKeep(value === null || value === '' ? null : value)} style={props.width === undefined ? { flex: 1, minWidth: 120 } : { width: props.width }} data-testid={props.testId} />
}
export function ChoiceField<V extends string>(props: { label?: string; ariaLabel?: string; value: V; choices: readonly { readonly value: V; readonly label: string }[]; onKeep: (value: V) => void; disabled?: boolean | undefined; width?: number; testId?: string }) {
  return <Select label={props.label} aria-label={props.ariaLabel} value={props.value} data={props.choices.map(({ value, label }) => ({ value, label }))} allowDeselect={false} disabled={props.disabled === true} w={props.width} data-testid={props.testId} onChange={(value) => {
    const found = props.choices.find((choice) => choice.value === value)
    if (found !== undefined) props.onKeep(found.value)
  }} />
}

/** Names on the left, one chosen; a button makes another. */
export function PartList(props: { title: string; parts: readonly { readonly id: string; readonly title: string; readonly note?: string }[]; chosen: string | undefined; onChoose: (id: string) => void; onAdd?: (() => void) | undefined; addLabel: string; onRemove?: ((id: string) => void) | undefined; testId: string }) {
  const t = useT()
  return (
    <section className="part-list" data-testid={props.testId}>
      <header><h2>{props.title}</h2>{props.onAdd !== undefined && <ActionIcon variant="default" size="sm" aria-label={props.addLabel} title={props.addLabel} onClick={props.onAdd} data-testid={`${props.testId}-add`}><IconPlus size={14} aria-hidden /></ActionIcon>}</header>
      <ul className="unit-list">
        {props.parts.map(({ id, title, note }) => (
          <li key={id}>
            <button type="button" aria-current={id === props.chosen} onClick={() => props.onChoose(id)} data-testid="part"><span>{title}</span>{note !== undefined && <span className="dim">{note}</span>}</button>
            {props.onRemove !== undefined && <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('planning.removeNamed', { title })} onClick={() => props.onRemove?.(id)}><IconTrash size={14} aria-hidden /></ActionIcon>}
          </li>
        ))}
      </ul>
    </section>
  )
}
export function Row(props: { children: ReactNode }) {
  return <Group gap={8} align="flex-start" wrap="wrap">{props.children}</Group>
}
