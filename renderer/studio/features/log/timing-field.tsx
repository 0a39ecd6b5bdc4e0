import { useEffect, useState } from 'react'
import { TextInput } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { readHardTime } from './typed.ts'

/** Text of a hard time, HH:MM:SS. Complains after the field is left, not while it is typed. */
export function HardTimeField(props: { label: string; value: string; date: string; zone: string; disabled?: boolean; onChange: (text: string) => void; onEnter?: () => void; testId: string }) {
  const t = useT()
  const [left, setLeft] = useState(false)
  useEffect(() => setLeft(false), [props.value])
  const read = readHardTime(props.value, props.date, props.zone)
  const error = left && props.value !== '' && 'wrong' in read ? t(`log.timeWrong.${read.wrong}`) : null
  return (
    <TextInput label={props.label} placeholder="HH:MM:SS" inputMode="numeric" autoComplete="off" maxLength={12} w={130} value={props.value} disabled={props.disabled === true} error={error} data-testid={props.testId}
      onChange={(event) => props.onChange(event.currentTarget.value)} onBlur={() => setLeft(true)}
      onKeyDown={(event) => {
        if (event.code !== 'Enter' || event.nativeEvent.isComposing) return
        setLeft(true)
        props.onEnter?.()
      }} />
  )
}
