import { Checkbox } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { useEditor } from '../editor-store.ts'
import { useMayEdit } from '../lease.tsx'
import { ActionButton } from '../parts/action-button.tsx'
import { NumberField } from '../parts/number-field.tsx'
import { apply } from '../session.ts'
import { SoundPanel } from '../sound/index.ts'

/** Loudness of the whole: the master, and one key to bring it to the station's standard. */
export function SoundTab() {
  const t = useT()
  const master = useEditor((state) => state.project?.edl.master)
  const mayEdit = useMayEdit()
  if (master === undefined) return null
  const set = (change: Partial<typeof master>): void => void apply({ op: 'setMaster', ...master, ...change })
  return (
    <div data-testid="sound-tab">
      <SoundPanel />
      <section className="editor-side-block" aria-label={t('editor.master.title')}>
        <h3>{t('editor.master.title')}</h3>
        <NumberField label={t('editor.master.gain')} value={master.gainDb} min={-60} max={24} step={0.5} decimals={2} suffix=" dB" disabled={!mayEdit} testId="master-gain" onCommit={(gainDb) => set({ gainDb })} />
        <Checkbox label={t('editor.master.limiter')} checked={master.limiter} disabled={!mayEdit} onChange={(event) => set({ limiter: event.currentTarget.checked })} data-testid="master-limiter" />
        <NumberField label={t('editor.master.ceiling')} value={master.ceilingDbtp} min={-20} max={0} step={0.5} decimals={1} suffix=" dBTP" disabled={!mayEdit} onCommit={(ceilingDbtp) => set({ ceilingDbtp })} />
        <div className="editor-side-buttons"><ActionButton id="levelProject" /></div>
      </section>
    </div>
  )
}
