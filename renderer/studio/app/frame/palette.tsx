import { Modal, Table } from '@mantine/core'
import { Spotlight } from '@mantine/spotlight'
import { fold } from '#common/text/index.ts'
import { useT } from '../../i18n/index.ts'
import { canRun, runAction, shortcutText, useActionTable } from '../actions/index.ts'
import { Kbd } from '../../ui/index.ts'
import { HelpSheet } from './help-sheet.tsx'
import { useKeySheet } from './key-sheet-store.ts'

/** Command palette and key sheet: two views of the one action table. */
export function Palette() {
  const t = useT()
  const actions = useActionTable((state) => state.actions)
  const all = [...actions.values()]
  return (
    <>
      <Spotlight
        actions={all.filter(canRun).map((action) => ({ id: action.id, label: t(action.labelKey), keywords: [fold(t(action.labelKey))], rightSection: action.shortcut === undefined ? undefined : <Kbd>{shortcutText(action.shortcut)}</Kbd>, onClick: () => void runAction(action) }))}
        filter={(query, options) => options.filter((option) => 'label' in option && fold(String(option.label ?? '')).includes(fold(query)))}
        nothingFound={t('app.palette.nothing')} shortcut={null} limit={12} scrollable maxHeight={420} highlightQuery attributes={{ content: { 'aria-label': t('app.actions.palette') } }}
        searchProps={{ placeholder: t('app.palette.placeholder'), 'aria-label': t('app.actions.palette') }}
      />
      <KeySheet />
      <HelpSheet />
    </>
  )
}

function KeySheet() {
  const t = useT()
  const open = useKeySheet((state) => state.open)
  const actions = useActionTable((state) => state.actions)
  return (
    <Modal opened={open} onClose={() => useKeySheet.setState({ open: false })} title={t('app.actions.keys')} size="lg" closeButtonProps={{ 'aria-label': t('app.close') }}>
      <Table>
        <Table.Thead><Table.Tr><Table.Th>{t('app.keySheet.action')}</Table.Th><Table.Th>{t('app.keySheet.key')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {[...actions.values()].filter((action) => action.shortcut !== undefined).map((action) => (
            <Table.Tr key={action.id}><Table.Td>{t(action.labelKey)}</Table.Td><Table.Td><Kbd>{shortcutText(action.shortcut ?? '')}</Kbd></Table.Td></Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
