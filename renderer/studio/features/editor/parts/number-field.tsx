import { useEffect, useRef, useState } from 'react'
import { NumberInput } from '@mantine/core'

interface NumberFieldProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly suffix: string
  readonly disabled?: boolean
  readonly testId?: string
  readonly width?: number
  /** The label is read aloud only. */
  readonly isBare?: boolean
  readonly decimals?: number
  readonly onCommit: (value: number) => void
}

/** A number that is sent when it is finished, not at each key: one edit, one step to undo. Escape gives it up. */
export function NumberField(props: NumberFieldProps) {
  const [text, setText] = useState<number | string>(props.value)
  const isGivenUp = useRef(false)
  useEffect(() => setText(props.value), [props.value])
  const commit = (): void => {
    if (isGivenUp.current) {
      isGivenUp.current = false
      return setText(props.value)
    }
    const value = typeof text === 'number' ? text : Number.parseFloat(text.replace(',', '.'))
    if (!Number.isFinite(value)) return setText(props.value)
    const kept = Math.max(props.min, Math.min(props.max, value))
    setText(kept)
    if (kept !== props.value) props.onCommit(kept)
  }
  const field = (
    <NumberInput w={props.width ?? 92} aria-label={props.label} value={text} min={props.min} max={props.max} step={props.step} decimalScale={props.decimals ?? 3} decimalSeparator="," suffix={props.suffix} disabled={props.disabled ?? false}
      {...(props.testId === undefined ? {} : { 'data-testid': props.testId })} onChange={setText} onBlur={commit} onKeyDown={(event) => {
        if (event.code === 'Enter') event.currentTarget.blur()
        else if (event.code === 'Escape') {
          isGivenUp.current = true
          event.preventDefault()
          event.currentTarget.blur()
        }
      }} />
  )
  if (props.isBare === true) return field
  return <label className="editor-field"><span>{props.label}</span>{field}</label>
}
