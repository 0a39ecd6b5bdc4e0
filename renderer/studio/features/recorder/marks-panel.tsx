import { Button, Group, TextInput } from '@mantine/core'
import { useShallow } from 'zustand/react/shallow'
import { isOpen } from '#common/take/index.ts'
import { useT } from '../../i18n/index.ts'
import { Kbd, Panel } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { quickLabels } from './actions.ts'
import { clockOf } from './clock-text.ts'
import { useRecorderStore } from './recorder-store.ts'
import { markTake } from './take-owner.ts'

/** Marks as they are made, newest first, each with its label; the common ones have a key of their own. */
export function MarksPanel() {
  const t = useT()
  const { parts, model, nextLabel } = useRecorderStore(useShallow((state) => ({ parts: state.parts, model: state.model, nextLabel: state.nextLabel })))
  const running = isOpen(model) && model.phase !== 'closing'
  const marks = parts.flatMap((part) => part.marks.map((mark) => ({ label: mark.label, at: part.groupFrame + mark.atFrame }))).sort((a, b) => b.at - a.at)
  const mark = (label = ''): void => void markTake(label).catch(showError)
  return (
    <Panel title={t('recorder.marks.title', { count: marks.length })} className="recorder-marks" scrolls data-testid="marks">
      <Group gap={4} mb={6}>
        {quickLabels.map((label, index) => (
          <Button key={label} size="compact-xs" variant="default" disabled={!running} onClick={() => mark(t(`recorder.quick.${label}`))} rightSection={<Kbd>{index + 1}</Kbd>} data-testid={`quick-${label}`}>{t(`recorder.quick.${label}`)}</Button>
        ))}
      </Group>
      <TextInput size="xs" aria-label={t('recorder.marks.next')} placeholder={t('recorder.marks.nextHint')} value={nextLabel} maxLength={200} mb={6} data-testid="next-label"
        onChange={(event) => useRecorderStore.setState({ nextLabel: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.code !== 'Enter' || event.nativeEvent.isComposing || !running) return
          event.preventDefault()
          mark()
        }} />
      {marks.length === 0 ? <p className="dim recorder-quiet">{t('recorder.marks.none')}</p> : (
        <ul className="recorder-mark-list" aria-live="polite">
          {marks.map((one, index) => <li key={`${one.at}-${index}`} data-testid="mark-row"><span className="recorder-mark-time">{clockOf(one.at)}</span> {one.label}</li>)}
        </ul>
      )}
    </Panel>
  )
}
