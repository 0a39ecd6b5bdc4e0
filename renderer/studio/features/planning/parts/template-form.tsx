import { Button } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { Panel } from '../../../ui/index.ts'
import { showError } from '../../../app/errors/index.ts'
import { changePart, createPart } from '../changes.ts'
import { NameField } from '../fields.tsx'
import { usePlan } from '../plan-context.ts'
import { choosePart } from '../planning-store.ts'
import type { PartOf } from '../planning-store.ts'
import { SessionRows } from './session-rows.tsx'

export function TemplateForm(props: { template: PartOf<'template'> }) {
  const t = useT()
  const { mayWrite } = usePlan()
  const { id, content } = props.template
  return (
    <Panel title={t('planning.clocks.sessions')} data-testid="template-form" aside={mayWrite && <Button size="compact-xs" variant="default" onClick={() => void createPart({ kind: 'template', content: { ...content, title: t('planning.copyName', { title: content.title }) } }).then((made) => choosePart('clocks', made.id), showError)}>{t('planning.duplicate')}</Button>}>
      <div className="plan-facts">
        <NameField label={t('planning.name')} value={content.title} disabled={!mayWrite} onKeep={(title) => void changePart('template', id, (now) => ({ ...now, title })).catch(showError)} testId="template-name" />
        <SessionRows sessions={content.sessions} disabled={!mayWrite} onChange={(make) => void changePart('template', id, (now) => ({ ...now, sessions: make(now.sessions) })).catch(showError)} />
      </div>
    </Panel>
  )
}
