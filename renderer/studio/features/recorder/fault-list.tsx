import type { TakeFault } from '#contract/recorder.ts'
import { useT } from '../../i18n/index.ts'
import { Panel, StateBadge, type Tone } from '../../ui/index.ts'
import { clockOf } from './clock-text.ts'
import { useRecorderStore } from './recorder-store.ts'

const faultTone: Readonly<Record<TakeFault['kind'], Tone>> = { gap: 'bad', dropout: 'bad', silence: 'warn', clipping: 'warn', 'disk-low': 'bad', 'writer-late': 'warn', 'link-lost': 'warn', 'input-lost': 'bad', stalled: 'bad' }
const SHOWN = 50

/** Everything that went wrong in this run, in words and with its place: said while it can still be repeated. */
export function FaultList() {
  const t = useT()
  const parts = useRecorderStore((state) => state.parts)
  const diskFull = useRecorderStore((state) => state.model.diskFull)
  // What a full disk has not taken yet is not missing: the window has it.
  const faults = parts.flatMap((part) => part.faults.filter((fault) => !diskFull || fault.kind !== 'gap' || fault.atFrame < part.durableFrames).map((fault) => ({ ...fault, at: part.groupFrame + fault.atFrame }))).sort((a, b) => b.at - a.at).slice(0, SHOWN)
  return (
    <Panel title={t('recorder.faults.title')} className="recorder-faults" scrolls data-testid="faults">
      {faults.length === 0 ? <p className="dim recorder-quiet">{t('recorder.faults.none')}</p> : (
        <ul aria-live="polite">
          {faults.map((fault, index) => (
            <li key={`${fault.kind}-${fault.at}-${index}`}>
              <StateBadge tone={faultTone[fault.kind]}>{clockOf(fault.at)}</StateBadge>
              <span>{t(`recorder.faults.${fault.kind}`, { ms: Math.round(fault.frames / 48), seconds: Math.round(fault.frames / 48_000) })}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
