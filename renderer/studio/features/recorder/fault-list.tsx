import type { TakeFault } from '#contract/recorder.ts'
import { useT } from '../../i18n/index.ts'
import { Panel, StateBadge, type Tone } from '../../ui/index.ts'
import { clockOf } from './elapsed.tsx'
import { useRecorderStore } from './recorder-store.ts'

const faultTone: Readonly<Record<TakeFault['kind'], Tone>> = { gap: 'bad', dropout: 'bad', silence: 'warn', clipping: 'warn', 'disk-low': 'bad', 'writer-late': 'warn', 'link-lost': 'warn', 'input-lost': 'bad', stalled: 'bad' }

/** Everything that went wrong in this take, in words and with its place: said while it can still be repeated. */
export function FaultList() {
  const t = useT()
  const faults = useRecorderStore((state) => state.take?.faults) ?? []
  const last = faults.slice(-50).reverse()
  return (
    <Panel title={t('recorder.faults.title')} className="recorder-faults" data-testid="faults">
      {last.length === 0 ? <p className="dim recorder-quiet">{t('recorder.faults.none')}</p> : (
        <ul aria-live="polite">
          {last.map((fault, index) => (
            <li key={`${fault.kind}-${fault.atFrame}-${index}`}>
              <StateBadge tone={faultTone[fault.kind]}>{clockOf(fault.atFrame)}</StateBadge>
              {t(`recorder.faults.${fault.kind}`, { ms: Math.round(fault.frames / 48), seconds: Math.round(fault.frames / 48_000) })}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
