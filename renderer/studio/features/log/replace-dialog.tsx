import { useEffect, useState } from 'react'
import { Button, Group, Modal, SegmentedControl, Table, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { UseOutcome } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { broadcastDateText, clockText } from '../../i18n/formats.ts'
import { EmptyNote, Panel, StateBadge } from '../../ui/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { call, queryClient, useMay, useStationQuery } from '../../app/station-client/index.ts'
import { rememberStep } from './changes.ts'
import { reasonText } from './line-badges.tsx'
import { selectedLine, showLog, useLogView } from './log-store.ts'

const outcomeTone = { changed: 'ok', refused: 'bad', kept: 'idle' } as const

/** Where an item is used, and another in its place, or none any more: first shown, then done as one step. */
export function ReplaceDialog() {
  const t = useT()
  const opened = useLogView((view) => view.dialog === 'replace')
  const line = opened ? selectedLine() : null
  const close = (): void => showLog({ dialog: 'none' })
  return (
    <Modal opened={opened && line?.itemId != null} onClose={close} size={760} title={t('log.replace.title', { title: line?.title ?? '' })} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {line?.itemId != null && <ReplaceForm itemId={line.itemId} title={line.title} onDone={close} />}
    </Modal>
  )
}

function ReplaceForm(props: { itemId: string; title: string; onDone: () => void }) {
  const t = useT()
  const { itemId } = props
  const [text, setText] = useState('')
  const [query] = useDebouncedValue(text, 150)
  const found = useStationQuery('library.list', { query, states: ['approved'], limit: 30 }, { events: ['library.changed'] })
  const used = useStationQuery('log.usesOf', { itemId }, { events: ['log.changed'] })
  const items = (found.data?.items ?? []).filter((other) => other.id !== itemId)
  const [byItemId, setByItemId] = useState<string | null>(null)
  const mayWithdraw = useMay('approver')
  const item = useStationQuery('library.get', { itemId }, { events: ['library.changed'] })
  const rev = item.data?.rev ?? null
  const [mode, setMode] = useState<'replace' | 'withdraw'>('replace')
  const [tried, setTried] = useState<readonly UseOutcome[] | null>(null)
  useEffect(() => {
    setTried(null)
    let wanted = true
    const run = mode === 'withdraw'
      ? (rev === null ? null : call('log.withdrawItem', { itemId, rev, lines: 'remove', dryRun: true }))
      : byItemId === null ? null : call('log.replaceItem', { itemId, byItemId, fromDate: null, dryRun: true, expected: null })
    run?.then(({ uses }) => {
      if (wanted) setTried(uses)
    }, showError)
    return () => {
      wanted = false
    }
  }, [itemId, byItemId, mode, rev])
  const uses: readonly (Omit<UseOutcome, 'outcome' | 'reason'> & Partial<Pick<UseOutcome, 'outcome' | 'reason'>>)[] = tried ?? used.data?.uses ?? []
  const count = tried?.filter((use) => use.outcome === 'changed').length ?? 0
  const apply = (): void => {
    if (tried === null) return
    const expected = tried.flatMap((use) => (use.rev === null ? [] : [{ id: use.id, rev: use.rev }]))
    const run = mode === 'withdraw'
      ? (rev === null ? null : call('log.withdrawItem', { itemId, rev, lines: 'remove', dryRun: false }))
      : byItemId === null ? null : call('log.replaceItem', { itemId, byItemId, fromDate: null, dryRun: false, expected })
    void run?.then(({ uses: done, step }) => {
      if (step !== null) rememberStep(step.stepId, t(mode === 'withdraw' ? 'log.replace.withdrawStep' : 'log.replace.step', { title: props.title }))
      showDone(t(mode === 'withdraw' ? 'log.replace.withdrawn' : 'log.replace.done', { count: done.filter((use) => use.outcome === 'changed').length, refused: done.filter((use) => use.outcome === 'refused').length }))
      void queryClient.invalidateQueries({ queryKey: ['log.day'] })
      props.onDone()
    }, showError)
  }
  return (
    <div className="log-replace" data-testid="log-replace-form">
      {mayWithdraw && (
        <SegmentedControl size="xs" aria-label={t('log.replace.mode')} value={mode} onChange={(value) => setMode(value === 'withdraw' ? 'withdraw' : 'replace')} data={[{ value: 'replace', label: t('log.replace.modeReplace') }, { value: 'withdraw', label: t('log.replace.modeWithdraw') }]} data-testid="log-replace-mode" />
      )}
      {mode === 'withdraw' ? <p className="log-note">{t('log.replace.withdrawHint')}</p> : (
        <>
          <TextInput label={t('log.replace.by')} value={text} onChange={(event) => setText(event.currentTarget.value)} data-autofocus data-testid="log-replace-search" />
          <div className="log-items" role="listbox" aria-label={t('log.add.items')}>
            {items.map((other) => (
              <button type="button" key={other.id} role="option" aria-selected={other.id === byItemId} className="log-item" onClick={() => setByItemId(other.id)} data-testid="log-replace-item"><span className="name">{other.title}</span></button>
            ))}
          </div>
        </>
      )}
      <Panel scrolls flush className="log-uses" label={t('log.replace.uses')}>
        {uses.length === 0 ? <EmptyNote>{t('log.replace.noUses')}</EmptyNote> : (
          <Table stickyHeader>
            <Table.Thead><Table.Tr><Table.Th>{t('log.date')}</Table.Th><Table.Th>{t('log.columns.start')}</Table.Th><Table.Th>{t('log.replace.where')}</Table.Th><Table.Th>{t('log.replace.outcome')}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {uses.map((use) => (
                <Table.Tr key={`${use.where} ${use.id}`} data-testid="log-use" data-outcome={use.outcome}>
                  <Table.Td>{use.broadcastDate === null ? '' : broadcastDateText(use.broadcastDate)}</Table.Td>
                  <Table.Td>{use.at === null ? '' : clockText(use.at)}</Table.Td>
                  <Table.Td>{t(`log.use.${use.where}`, { title: use.title })}</Table.Td>
                  <Table.Td>{use.outcome === undefined ? t(`log.useWhen.${use.when}`) : <StateBadge tone={outcomeTone[use.outcome]} {...(use.reason == null ? {} : { title: reasonText(use.reason) })}>{use.reason == null ? t(`log.outcome.${use.outcome}`) : reasonText(use.reason)}</StateBadge>}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Panel>
      <Group justify="end">
        {mode === 'withdraw'
          ? <Button color="red" disabled={tried === null || item.data?.state !== 'approved'} onClick={apply} data-testid="log-withdraw-apply">{t('log.replace.withdraw')}</Button>
          : <Button disabled={count === 0} onClick={apply} data-testid="log-replace-apply">{t('log.replace.apply', { count })}</Button>}
      </Group>
    </div>
  )
}
