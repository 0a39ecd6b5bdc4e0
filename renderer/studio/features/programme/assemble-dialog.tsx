import { useState } from 'react'
import { Button, Checkbox, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import { sumOf } from '#common/programme/index.ts'
import type { Bulletin } from '#contract/programme.ts'
import { useT } from '../../i18n/index.ts'
import { lengthText } from '../../i18n/formats.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { useNavigate } from '../../app/navigation/index.ts'
import { call } from '../../app/station-client/index.ts'
import { showProgramme, useProgramme } from './programme-store.ts'
import { SumBadge } from './sum-badge.tsx'

/** Builds the project of the bulletin: a new one, or as one step that can be undone in the one built before. */
export function AssembleDialog(props: { bulletin: Bulletin }) {
  const t = useT()
  const opened = useProgramme((view) => view.dialog === 'assemble')
  const close = (): void => showProgramme({ dialog: 'none' })
  return (
    <Modal opened={opened} onClose={close} title={t('programme.assemble.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && <Form bulletin={props.bulletin} onClose={close} />}
    </Modal>
  )
}

function Form(props: { bulletin: Bulletin; onClose: () => void }) {
  const t = useT()
  const go = useNavigate()
  const { bulletin } = props
  const sum = sumOf(bulletin.stories, bulletin.template, bulletin.pieces)
  const silent = bulletin.stories.filter(({ sounds }) => sounds.length === 0)
  const [into, setInto] = useState<'new' | 'same'>(bulletin.projectId === null ? 'new' : 'same')
  const [gaps, setGaps] = useState(false)
  const [busy, setBusy] = useState(false)
  const allSilent = silent.length === bulletin.stories.length
  const build = async (): Promise<void> => {
    setBusy(true)
    try {
      const { projectId, lengthSamples } = await call('programme.assemble', { bulletinId: bulletin.id, rev: bulletin.rev, into, gaps })
      props.onClose()
      showDone(t('programme.assemble.done', { length: lengthText(lengthSamples) }))
      go('editor', { projectId })
    } catch (error) {
      showError(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => {
      event.preventDefault()
      if (!busy) void build()
    }}>
      <Stack gap="sm">
        <Group gap={8}><Text size="sm">{t('programme.assemble.sum', { count: bulletin.stories.length, length: lengthText(sum.lengthSamples) })}</Text><SumBadge lengthSamples={sum.lengthSamples} slotSamples={bulletin.slot.lengthSamples} data-testid="assemble-verdict" /></Group>
        {bulletin.projectId !== null && (
          <Radio.Group label={t('programme.assemble.into')} value={into} onChange={(value) => setInto(value === 'new' ? 'new' : 'same')}>
            <Stack gap={6} mt={6}>
              <Radio size="xs" value="same" label={t('programme.assemble.same')} description={t('programme.assemble.sameHint')} data-testid="assemble-same" />
              <Radio size="xs" value="new" label={t('programme.assemble.new')} description={t('programme.assemble.newHint')} data-testid="assemble-new" />
            </Stack>
          </Radio.Group>
        )}
        {silent.length > 0 && <Checkbox size="xs" checked={gaps} disabled={allSilent} onChange={(event) => setGaps(event.currentTarget.checked)} data-testid="assemble-gaps" label={t('programme.assemble.gaps', { count: silent.length, title: silent[0]?.title ?? '' })} />}
        {allSilent && <Text size="sm" className="dim">{t('programme.assemble.allSilent')}</Text>}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>{t('app.cancel')}</Button>
          <Button type="submit" loading={busy} disabled={allSilent || (silent.length > 0 && !gaps)} data-autofocus data-testid="assemble-start">{t('programme.assemble.button')}</Button>
        </Group>
      </Stack>
    </form>
  )
}
