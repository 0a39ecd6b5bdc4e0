import { List, Modal, Text } from '@mantine/core'
import { create } from 'zustand'
import { useT } from '../../i18n/index.ts'

export const useHelpSheet = create<{ readonly open: boolean }>(() => ({ open: false }))

const steps = ['record', 'trim', 'render', 'submit', 'approve', 'schedule', 'pair', 'listen', 'board', 'speak'] as const

/** The first programme in ten lines, inside the program. */
export function HelpSheet() {
  const t = useT()
  const open = useHelpSheet((state) => state.open)
  return (
    <Modal opened={open} onClose={() => useHelpSheet.setState({ open: false })} title={t('app.help.title')} size="lg" closeButtonProps={{ 'aria-label': t('app.close') }}>
      <List type="ordered" spacing={6} size="sm">{steps.map((step) => <List.Item key={step}>{t(`app.help.steps.${step}`)}</List.Item>)}</List>
      <Text size="sm" mt="md" className="dim">{t('app.help.safe')}</Text>
    </Modal>
  )
}
