import { useStationQuery } from '../../app/station-client/index.ts'
import { Preview } from './preview.tsx'
import './library.css'

/** Listening to an item on another page, as loud as the air plays it. Cues are shown and heard there, not set. */
export function ItemPreview(props: { itemId: string }) {
  const { data: item } = useStationQuery('library.get', { itemId: props.itemId }, { events: ['library.changed'] })
  return item === undefined || item.id !== props.itemId || item.fileMissing === true ? null : <Preview key={item.id} item={item} mayEdit={false} keys={false} />
}
