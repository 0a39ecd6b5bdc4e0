import { Menu } from '@mantine/core'
import { showError } from '../../../app/errors/index.ts'
import { useT } from '../../../i18n/index.ts'
import { useEditor } from '../editor-store.ts'
import { apply } from '../session.ts'

export interface TakesPlace {
  readonly clipId: string
  readonly x: number
  readonly y: number
}

/** Other takes of a clip, from its badge. The same list for keys is in the panel of the clip. */
export function TakesMenu(props: { place: TakesPlace | null; onClose: () => void }) {
  const t = useT()
  const { place } = props
  const clip = useEditor((state) => state.project?.edl.lanes.flatMap((lane) => lane.clips).find((one) => one.id === place?.clipId))
  const title = useEditor((state) => state.project?.edl.sources.find((one) => one.id === clip?.sourceId)?.title ?? '')
  if (place === null || clip === undefined) return null
  return (
    <Menu opened onClose={props.onClose} position="bottom-end" shadow="md">
      <Menu.Target><span style={{ position: 'absolute', insetInlineStart: place.x, top: place.y + 8 }} /></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('timeline.takes')}</Menu.Label>
        <Menu.Item disabled>{t('timeline.takeNow', { title })}</Menu.Item>
        {clip.alternatives.map((other, index) => <Menu.Item key={`${other.sourceId} ${other.offset}`} onClick={() => void apply({ op: 'useAlternative', clipId: clip.id, index }).catch(showError)}>{other.title}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  )
}
