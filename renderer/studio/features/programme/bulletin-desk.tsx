import { useEffect, useMemo } from 'react'
import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconArrowLeft, IconAdjustmentsHorizontal, IconHammer, IconMusic, IconPencil, IconPlus, IconWaveSine } from '@tabler/icons-react'
import { measuredSpeed, sumOf } from '#common/programme/index.ts'
import type { Bulletin } from '#contract/programme.ts'
import { useT } from '../../i18n/index.ts'
import { broadcastDateText, lengthText } from '../../i18n/formats.ts'
import { EmptyNote, Kbd, Panel, StateBadge } from '../../ui/index.ts'
import { registerActions, runAction } from '../../app/actions/index.ts'
import { errorTextOf, showError } from '../../app/errors/index.ts'
import { useNavigate } from '../../app/navigation/index.ts'
import { call, useMay, useStationQuery } from '../../app/station-client/index.ts'
import { deskActions } from './actions.ts'
import { AssembleDialog } from './assemble-dialog.tsx'
import { BulletinForm } from './bulletin-form.tsx'
import { addStory, took } from './changes.ts'
import { LevelDialog } from './level-dialog.tsx'
import { ProgrammeHeader } from './programme-header.tsx'
import { desk, showProgramme, useProgramme } from './programme-store.ts'
import { StoryPanel } from './story-panel.tsx'
import { StoryTable } from './story-table.tsx'
import { SumBadge } from './sum-badge.tsx'
import { TemplateDialog } from './template-dialog.tsx'
import { clockOf } from './times.ts'

/** One bulletin: its stories in order on the left, the chosen one on the right, the sum against the slot above both. */
export function BulletinDesk(props: { bulletinId: string }) {
  const t = useT()
  const query = useStationQuery('programme.open', { bulletinId: props.bulletinId }, { events: ['programme.changed', 'library.changed'] })
  const bulletin = query.data ?? null
  const storyId = useProgramme((view) => view.storyId)
  useEffect(() => registerActions(deskActions), [])
  useEffect(() => {
    desk.bulletin = bulletin
    return () => {
      desk.bulletin = null
    }
  }, [bulletin])
  const story = bulletin?.stories.find(({ id }) => id === storyId) ?? null
  useEffect(() => {
    const first = bulletin?.stories[0]
    if (story === null && first !== undefined) showProgramme({ storyId: first.id })
  }, [bulletin, story])
  if (bulletin === null) return <><ProgrammeHeader title={t('programme.title')} /><EmptyNote>{query.error === null ? t('app.loading') : errorTextOf(query.error).happened}</EmptyNote></>
  return (
    <>
      <ProgrammeHeader title={<Title bulletin={bulletin} />} aside={<Buttons bulletin={bulletin} />} />
      <SumBar bulletin={bulletin} />
      <div className="programme-body">
        <Panel flush label={t('programme.stories')} data-testid="stories">
          {bulletin.stories.length === 0 ? <EmptyNote>{t('programme.story.none')}</EmptyNote> : <StoryTable bulletin={bulletin} />}
        </Panel>
        <StoryPanel bulletin={bulletin} story={story} />
      </div>
      <BulletinForm bulletin={bulletin} />
      <TemplateDialog bulletin={bulletin} />
      <AssembleDialog bulletin={bulletin} />
      <LevelDialog bulletin={bulletin} />
    </>
  )
}

function Title(props: { bulletin: Bulletin }) {
  const t = useT()
  const { bulletin } = props
  const slot = [bulletin.broadcastDate === null ? null : broadcastDateText(bulletin.broadcastDate), bulletin.slot.startsAtSec === null ? null : clockOf(bulletin.slot.startsAtSec).replace(/:00$/, '')].filter((part) => part !== null).join(' · ')
  return (
    <span className="programme-title">
      <ActionIcon variant="default" size="lg" aria-label={t('programme.actions.back')} onClick={() => void leave()} data-testid="programme-back"><IconArrowLeft size={18} /></ActionIcon>
      <span className="name" title={bulletin.title} data-testid="programme-name">{bulletin.title}</span>
      {slot !== '' && <span className="dim">{slot}</span>}
      <ActionIcon variant="subtle" size="md" aria-label={t('programme.facts.title')} onClick={() => showProgramme({ dialog: 'facts' })} data-testid="programme-facts"><IconPencil size={15} /></ActionIcon>
    </span>
  )
}
async function leave(): Promise<void> {
  const action = deskActions.find(({ id }) => id === 'programme.back')
  if (action !== undefined) await runAction(action)
}

function Buttons(props: { bulletin: Bulletin }) {
  const t = useT()
  const go = useNavigate()
  const { bulletin } = props
  const [mayWrite, mayEdit] = [useMay('recorder'), useMay('editor')]
  const assemble = deskActions.find(({ id }) => id === 'programme.assemble')
  return (
    <>
      {mayWrite && <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} rightSection={<Kbd>Ins</Kbd>} onClick={() => void addStory().catch(showError)} data-testid="add-story">{t('programme.actions.addStory')}</Button>}
      <Button variant="default" leftSection={<IconMusic size={16} aria-hidden />} onClick={() => showProgramme({ dialog: 'template' })} data-testid="programme-template">{t('programme.template.button')}</Button>
      <Button variant="default" leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />} disabled={!bulletin.stories.some(({ sounds }) => sounds.length > 0)} onClick={() => showProgramme({ dialog: 'level' })} data-testid="programme-level">{t('programme.level.button')}</Button>
      {bulletin.projectId !== null && <Button variant="default" leftSection={<IconWaveSine size={16} aria-hidden />} onClick={() => go('editor', { projectId: bulletin.projectId ?? '' })} data-testid="programme-project">{t('programme.toProject')}</Button>}
      {mayEdit && <Button leftSection={<IconHammer size={16} aria-hidden />} disabled={bulletin.stories.length === 0} onClick={() => assemble !== undefined && void runAction(assemble)} data-testid="assemble">{t('programme.assemble.button')}</Button>}
    </>
  )
}

function SumBar(props: { bulletin: Bulletin }) {
  const t = useT()
  const { bulletin } = props
  const { template, stories, pieces, slot } = bulletin
  const sum = useMemo(() => sumOf(stories, template, pieces), [stories, template, pieces])
  const speed = useMemo(() => measuredSpeed(stories.filter(({ sounds }) => sounds.length > 0).map(({ script, sounds }) => ({ script, lengthSamples: sounds.reduce((all, one) => all + one.lengthSamples, 0) }))), [stories])
  const silent = sum.stories.filter(({ estimated }) => estimated).length
  const preparing = (['intro', 'jingle', 'outro'] as const).some((key) => template[key]?.sound.kind === 'builtIn' && pieces[key] === 0)
  const mayWrite = useMay('recorder')
  const use = (): void => {
    if (speed !== null) void call('programme.update', { bulletinId: bulletin.id, rev: bulletin.rev, template: { ...template, syllablesPerMinute: Math.min(350, Math.max(100, speed)) } }).then(took, showError)
  }
  return (
    <section className="programme-sum" aria-label={t('programme.sum.label')}>
      <strong data-testid="programme-total" data-samples={sum.lengthSamples}>{sum.estimatedSamples > 0 ? '≈ ' : ''}{lengthText(sum.lengthSamples)}</strong>
      {slot.lengthSamples !== null && <span className="dim" data-testid="programme-slot">{t('programme.sum.ofSlot', { length: lengthText(slot.lengthSamples) })}</span>}
      <SumBadge lengthSamples={sum.lengthSamples} slotSamples={slot.lengthSamples} />
      {stories.length > 0 && <StateBadge tone={silent === 0 ? 'ok' : 'wait'} data-testid="programme-silent">{silent === 0 ? t('programme.sum.allSound') : t('programme.sum.silent', { count: silent, length: lengthText(sum.estimatedSamples) })}</StateBadge>}
      {preparing && <StateBadge tone="wait" data-testid="programme-preparing">{t('programme.sum.preparing')}</StateBadge>}
      <span className="programme-speed">
        <Tooltip label={t('programme.sum.speedHint')} multiline w={320}><span className="dim">{t('programme.sum.speed', { speed: template.syllablesPerMinute })}</span></Tooltip>
        {speed !== null && Math.abs(speed - template.syllablesPerMinute) >= 5 && <><span className="dim">{t('programme.sum.measured', { speed })}</span>{mayWrite && <Button size="compact-xs" variant="default" onClick={use} data-testid="use-speed">{t('programme.sum.use')}</Button>}</>}
      </span>
    </section>
  )
}
