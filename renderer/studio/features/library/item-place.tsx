import { Button, Group, Stack, Text } from '@mantine/core'
import type { Item } from '#contract/library.ts'
import { translate, useT } from '../../i18n/index.ts'
import { StateBadge, type Tone } from '../../ui/index.ts'
import { call, useMay } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { RelinkButtons } from './relink-buttons.tsx'
import { followJob } from './trim-item.ts'

export type PlaceState = NonNullable<Item['place']>['state']
export const placeTone: Readonly<Record<PlaceState, Tone>> = { here: 'info', checking: 'wait', gone: 'warn', changed: 'bad' }

/** Copies the original of an item used in place into the library, and says when it is there. */
export async function copyIn(items: readonly Pick<Item, 'id'>[]): Promise<void> {
  for (const { id } of items) await followJob((await call('library.copyIn', { itemId: id })).jobId, () => undefined)
  showDone(translate('holdings.place.copied', { count: items.length }))
}

/** An item whose original stays with its owner: where it is, whether it is still the same, and the way into the library. */
export function ItemPlace(props: { item: Item }) {
  const t = useT()
  const mayAct = useMay('recorder')
  const { item } = props
  const { place } = item
  if (place === undefined) return null
  const { path, state } = place
  const importChanged = (): void => void call('library.import', { paths: [path], keep: 'inPlace' }).catch(showError)
  return (
    <Stack gap={4} className="library-place" role="group" aria-label={t('holdings.place.region')} data-testid="item-place" data-state={state}>
      <Group gap={6} wrap="nowrap">
        <StateBadge tone={placeTone[state]}>{t(`holdings.place.states.${state}`)}</StateBadge>
        {mayAct && state === 'here' && <Button size="compact-xs" variant="default" ml="auto" onClick={() => void copyIn([item]).catch(showError)} data-testid="copy-in">{t('holdings.place.copyIn')}</Button>}
        {mayAct && state === 'changed' && <Button size="compact-xs" variant="default" ml="auto" onClick={importChanged} data-testid="import-changed">{t('holdings.place.importChanged')}</Button>}
      </Group>
      <Text size="xs" className="dim" style={{ overflowWrap: 'anywhere' }} data-testid="place-path">{path}</Text>
      {(state === 'gone' || state === 'changed') && item.fileMissing !== true && (
        <>
          <Text size="xs">{t('holdings.place.stillPlays')}</Text>
          <RelinkButtons item={item} />
        </>
      )}
    </Stack>
  )
}
