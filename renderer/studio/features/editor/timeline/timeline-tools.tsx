import { ActionIcon, Tooltip } from '@mantine/core'
import { IconArrowsVertical, IconChartLine, IconClock, IconContrast2, IconStopwatch, type Icon } from '@tabler/icons-react'
import { useT } from '../../../i18n/index.ts'
import { keyIn, runAction, shortcutText, useActionTable, useKeyMap } from '../../../app/actions/index.ts'
import { useEditor } from '../editor-store.ts'
import type { EditorActionId } from '../key-table.ts'
import { useTimeline } from './timeline-store.ts'

/** How the timeline looks: what the ruler counts, how tall lanes are, how strong its colours. */
export function TimelineTools() {
  const t = useT()
  const isClock = useEditor((state) => state.rulerMode === 'clock')
  const hasSlot = useEditor((state) => (state.project?.edl.slot.startsAtSec ?? null) !== null)
  const isStrong = useTimeline((state) => state.contrast === 'more')
  const isLoudness = useTimeline((state) => state.loudness !== null)
  const isCustom = useTimeline((state) => Object.keys(state.laneHeights).length > 0)
  return (
    <div className="tl-tools" role="group" aria-label={t('timeline.tools')}>
      <Tool Icon={isClock ? IconClock : IconStopwatch} label={t(hasSlot ? 'timeline.clock' : 'timeline.noClock')} pressed={isClock && hasSlot} disabled={!hasSlot} testId="ruler-clock" id="rulerMode" />
      <Tool Icon={IconArrowsVertical} label={t('timeline.fitLanes')} disabled={!isCustom} testId="fit-lanes" id="fitLanes" />
      <Tool Icon={IconChartLine} label={t('timeline.loudness')} pressed={isLoudness} testId="timeline-loudness" id="loudnessCurve" />
      <Tool Icon={IconContrast2} label={t('timeline.contrast')} pressed={isStrong} testId="timeline-contrast" id="contrast" />
    </div>
  )
}

function Tool(props: { Icon: Icon; label: string; pressed?: boolean; disabled?: boolean; testId: string; id: EditorActionId }) {
  const action = useActionTable((state) => state.actions.get(`editor.${props.id}`))
  const map = useKeyMap()
  if (action === undefined) return null
  const key = keyIn(map, action)
  return (
    <Tooltip label={key === null ? props.label : `${props.label} (${shortcutText(key)})`} openDelay={500}>
      <ActionIcon size="md" variant="default" disabled={props.disabled ?? false} aria-label={props.label} {...(props.pressed === undefined ? {} : { 'aria-pressed': props.pressed })} data-testid={props.testId}
        onMouseDown={(event) => event.preventDefault()} onClick={() => void runAction(action)}>
        <props.Icon size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}
