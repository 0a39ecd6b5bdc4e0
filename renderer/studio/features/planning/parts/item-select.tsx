import { useState } from 'react'
import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useT } from '../../../i18n/index.ts'
import { lengthText } from '../../../i18n/formats.ts'
import { useStationQuery } from '../../../app/station-client/index.ts'

/** An approved item of the library, found by a few letters. */
export function ItemSelect(props: { label?: string; ariaLabel?: string; itemId: string | null; onChoose: (itemId: string) => void; disabled?: boolean; placeholder?: string }) {
  const t = useT()
  const [text, setText] = useState('')
  const [query] = useDebouncedValue(text, 150)
  const found = useStationQuery('library.list', { query, states: ['approved'], limit: 60 }, { events: ['library.changed'] })
  const chosen = useStationQuery('library.get', { itemId: props.itemId ?? '' }, { enabled: props.itemId !== null })
  const items = [...(chosen.data === undefined || found.data?.items.some(({ id }) => id === chosen.data.id) === true ? [] : [chosen.data]), ...(found.data?.items ?? [])]
  return (
    <Select label={props.label} aria-label={props.ariaLabel} placeholder={props.placeholder ?? t('planning.clocks.kinds.item')} searchable disabled={props.disabled === true} value={props.itemId} nothingFoundMessage={t('planning.none')} filter={({ options }) => options} onSearchChange={setText} style={{ flex: 1, minWidth: 140 }}
      data={items.map((item) => ({ value: item.id, label: `${item.title} (${lengthText(item.lengthSamples)})` }))} onChange={(itemId) => itemId !== null && props.onChoose(itemId)} />
  )
}
