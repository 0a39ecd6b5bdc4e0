import { useEffect, useState } from 'react'
import { TextInput } from '@mantine/core'
import { instantOfLocal, parseTimeOfDay } from '#common/timing/zone.ts'
import { useT } from '../../i18n/index.ts'
import { offsetOf } from './zone.ts'

/** What a typed time means on a day: an instant, or the reason why there is none. */
export function readHardTime(text: string, date: string, zone: string): { at: number } | { wrong: 'format' | 'skippedHour' } {
  const ms = parseTimeOfDay(text)
  if (ms === null) return { wrong: 'format' }
  const at = instantOfLocal(date, ms, offsetOf(zone))
  return at === null ? { wrong: 'skippedHour' } : { at }
}

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
