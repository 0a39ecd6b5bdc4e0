import { IconHandStop, IconPlayerTrackNext, IconRobot } from '@tabler/icons-react'
import type { PlayoutMode } from '#contract/air.ts'
import { useT } from '../../i18n/index.ts'
import { showError } from '../../app/errors/index.ts'
import { useMay } from '../../app/station-client/index.ts'
import { setMode } from './desk-store.ts'

const modes = [['auto', IconRobot], ['assist', IconPlayerTrackNext], ['manual', IconHandStop]] as const

/** Who drives: told by colour, shape and word. A change starts and stops nothing. */
export function ModeSwitch(props: { mode: PlayoutMode | null }) {
  const t = useT()
  const may = useMay('announcer')
  return (
    <div className="mode-switch" role="group" aria-label={t('air.desk.mode.title')} data-testid="air-mode" data-mode={props.mode ?? ''}>
      {modes.map(([mode, Icon]) => (
        <button key={mode} type="button" className={mode} aria-pressed={props.mode === mode} disabled={!may || props.mode === null} title={t(`air.desk.mode.${mode}Hint`)} onMouseDown={(event) => event.preventDefault()}
          onClick={() => void setMode(mode).catch(showError)} data-testid={`air-mode-${mode}`}>
          <Icon size={15} aria-hidden />
          {t(`air.desk.mode.${mode}`)}
        </button>
      ))}
    </div>
  )
}
