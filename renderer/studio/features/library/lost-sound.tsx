import { Stack, Text } from '@mantine/core'
import type { Item } from '#contract/library.ts'
import { useT } from '../../i18n/index.ts'
import { StateBadge } from '../../ui/index.ts'
import { RelinkButtons } from './relink-buttons.tsx'

/** The sound is gone from its shelf, or its owner took or changed the file: what that means, and where to look for it. */
export function LostSound(props: { item: Item }) {
  const t = useT()
  const { item } = props
  const state = item.place?.state
  return (
    <Stack gap={6} data-testid="lost-sound">
      <StateBadge tone="bad">{t(state === 'changed' ? 'holdings.place.states.changed' : 'library.fileMissing')}</StateBadge>
      <Text size="sm">{t(state === 'changed' ? 'holdings.place.changed' : state === undefined ? 'library.lost.explain' : 'holdings.place.gone')}</Text>
      <RelinkButtons item={item} />
    </Stack>
  )
}
