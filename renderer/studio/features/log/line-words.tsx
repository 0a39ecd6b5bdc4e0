import { IconArrowBarToRight, IconArrowNarrowDown, IconArrowsCross, IconBroadcast, IconCalendarTime, IconClockHour4, IconClockPause, IconClockPlay, IconCommand, IconFlag, IconHandStop, IconLock, IconMicrophone, IconNote, IconPlayerSkipForward, IconScissors, IconTargetArrow, IconUser, IconVolume } from '@tabler/icons-react'
import type { LineKind, LogLine, Timing } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'

const kindIcons: Readonly<Record<LineKind, typeof IconNote>> = { audio: IconVolume, relay: IconBroadcast, live: IconMicrophone, track: IconUser, command: IconCommand, fixedPoint: IconFlag, note: IconNote }
const timingIcons: Readonly<Record<Timing['kind'], typeof IconNote>> = { follow: IconArrowNarrowDown, hard: IconClockPlay, soft: IconCalendarTime, notBefore: IconClockPause, backtimed: IconTargetArrow }

export function KindMark(props: { kind: LineKind }) {
  const t = useT()
  const Icon = kindIcons[props.kind]
  return <span className="log-mark" title={t(`log.kind.${props.kind}`)}><Icon size={14} aria-hidden /><span className="visually-hidden">{t(`log.kind.${props.kind}`)}</span></span>
}

export function TimingMark(props: { timing: Timing }) {
  const t = useT()
  const Icon = timingIcons[props.timing.kind]
  return <span className="log-mark"><Icon size={14} aria-hidden /> {t(`log.timing.${props.timing.kind}`)}</span>
}

/** Transition and flags of a line, as signs with words. */
export function LineFlags(props: { line: LogLine }) {
  const t = useT()
  const { line } = props
  const flags = [
    line.transition === 'segue' && { Icon: IconArrowsCross, word: t('log.transition.segue') }, line.transition === 'stop' && { Icon: IconHandStop, word: t('log.transition.stop') },
    line.protected && { Icon: IconLock, word: t('log.flags.protected') }, line.droppable && { Icon: IconArrowBarToRight, word: t('log.flags.droppable') }, line.skip && { Icon: IconPlayerSkipForward, word: t('log.flags.skip') },
    line.dropped && { Icon: IconPlayerSkipForward, word: t('log.flags.dropped') }, line.lateMaxMs !== null && { Icon: IconClockHour4, word: t('log.flags.lateMax', { seconds: Math.round(line.lateMaxMs / 1000) }) },
    line.markers !== null && { Icon: IconScissors, word: t('log.flags.markers') }, line.backupItemIds.length > 0 && { Icon: IconVolume, word: t('log.flags.backups', { count: line.backupItemIds.length }) },
  ].filter((flag) => flag !== false)
  return <>{flags.map(({ Icon, word }) => <span key={word} className="log-mark" title={word}><Icon size={13} aria-hidden /><span className="visually-hidden">{word}</span></span>)}</>
}
