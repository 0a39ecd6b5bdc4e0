import { Text } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { decibelText } from '../../i18n/formats.ts'
import { useStationQuery } from '../../app/station-client/index.ts'

/** What the file of an item says about itself; nothing where it says nothing. */
export function BroadcastInfo(props: { itemId: string }) {
  const t = useT()
  const { data } = useStationQuery('exchange.broadcastInfo', { itemId: props.itemId }, {})
  if (data === undefined || (data.bext === null && data.cart === null)) return null
  const { bext, cart } = data
  const texts = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ')
  return (
    <section aria-label={t('exchange.info.title')} data-testid="broadcast-info">
      <Text size="xs" fw={600}>{t('exchange.info.title')}</Text>
      {bext !== null && <Text size="xs"><b>{t('exchange.info.bext')}</b> {texts([bext.description, bext.originator, bext.originatorReference, `${bext.originationDate} ${bext.originationTime}`.trim(), bext.loudness === null ? '' : t('exchange.info.loudness', { lufs: decibelText(bext.loudness.integratedLufs), peak: decibelText(bext.loudness.truePeakDbtp) })])}</Text>}
      {cart !== null && <Text size="xs"><b>{t('exchange.info.cart')}</b> {texts([cart.title, cart.artist, cart.cutId, cart.category, cart.outCue, texts([cart.startDate, cart.endDate]), cart.producerApp])}</Text>}
    </section>
  )
}
