import '../bridge.ts'
import { spotlight } from '@mantine/spotlight'
import type { Action } from '../actions/index.ts'
import { signOut } from '../station-client/index.ts'
import { currentLanguage, setLanguage } from '../../i18n/index.ts'
import { toggleColorScheme } from './color-scheme.ts'
import { useHelpSheet } from './help-sheet.tsx'
import { useKeySheet } from './key-sheet-store.ts'

async function switchLanguage(): Promise<void> {
  const next = currentLanguage() === 'vi' ? 'en' : 'vi'
  await setLanguage(next)
  await window.vangxa.setLanguage(next)
}

/** Actions that belong to no page. */
export const frameActions: readonly Action[] = [
  { id: 'app.palette', labelKey: 'app.actions.palette', shortcut: 'Ctrl+KeyK', role: 'viewer', run: () => spotlight.open() },
  { id: 'app.keys', labelKey: 'app.actions.keys', shortcut: 'Shift+Slash', isKeyFixed: true, role: 'viewer', run: () => useKeySheet.setState({ open: true }) },
  { id: 'app.help', labelKey: 'app.actions.help', shortcut: 'Shift+F1', role: 'viewer', run: () => useHelpSheet.setState({ open: true }) },
  { id: 'app.colors', labelKey: 'app.actions.colors', shortcut: 'Ctrl+Alt+KeyD', role: 'viewer', run: toggleColorScheme },
  { id: 'app.language', labelKey: 'app.actions.language', role: 'viewer', run: switchLanguage },
  { id: 'app.signOut', labelKey: 'app.actions.signOut', role: 'viewer', run: signOut },
  { id: 'app.quitAndStop', labelKey: 'app.actions.quitAndStop', role: 'technician', run: async () => void (await window.vangxa.quitAndStop()) },
]
