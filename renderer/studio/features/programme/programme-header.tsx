import type { ReactNode } from 'react'
import { SegmentedControl } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { PageHeader } from '../../ui/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { showProgramme, useProgramme } from './programme-store.ts'

/** The header of both halves of the page; the number says how much waits for approval. */
export function ProgrammeHeader(props: { title: ReactNode; aside?: ReactNode; children?: ReactNode }) {
  const t = useT()
  const mode = useProgramme((view) => view.mode)
  const { data } = useStationQuery('library.list', { states: ['submitted'], limit: 1 }, { events: ['library.changed'] })
  return (
    <PageHeader title={props.title} aside={props.aside}>
      <SegmentedControl size="xs" aria-label={t('programme.modes.label')} value={mode} onChange={(value) => showProgramme({ mode: value === 'review' ? 'review' : 'compose' })} data-testid="programme-mode"
        data={[{ value: 'compose', label: t('programme.modes.compose') }, { value: 'review', label: data === undefined || data.total === 0 ? t('programme.modes.review') : t('programme.modes.reviewCount', { count: data.total }) }]} />
      {props.children}
    </PageHeader>
  )
}
