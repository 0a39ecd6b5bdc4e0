import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
import { IconAlertOctagon, IconBroadcast, IconCalendarTime, IconCalendarWeek, IconDeviceTv, IconFileAnalytics, IconLibrary, IconMicrophone, IconNews, IconSettings, IconSpeakerphone, IconWaveSine } from '@tabler/icons-react'
import type { Permission } from '#contract/roles.ts'
import type { MessageKey } from '../../i18n/index.ts'
import type { PageId } from '../navigation/index.ts'

export interface PageEntry {
  readonly id: PageId
  readonly labelKey: MessageKey
  readonly Icon: ComponentType<{ size?: number }>
  readonly shortcut: string
  readonly role: Permission
  readonly Page: LazyExoticComponent<ComponentType>
}

/** The rail, top to bottom. Each page is its own chunk: the window opens without the editor's weight. */
export const pages: readonly PageEntry[] = [
  { id: 'library', labelKey: 'app.pages.library', Icon: IconLibrary, shortcut: 'F1', role: 'viewer', Page: lazy(async () => ({ default: (await import('../../features/library/index.ts')).LibraryPage })) },
  { id: 'recorder', labelKey: 'app.pages.recorder', Icon: IconMicrophone, shortcut: 'F2', role: 'recorder', Page: lazy(async () => ({ default: (await import('../../features/recorder/index.ts')).RecorderPage })) },
  { id: 'editor', labelKey: 'app.pages.editor', Icon: IconWaveSine, shortcut: 'F3', role: 'viewer', Page: lazy(async () => ({ default: (await import('../../features/editor/index.ts')).EditorPage })) },
  // F11 is full screen; the keys of the other pages stay where hands know them.
  { id: 'programme', labelKey: 'app.pages.programme', Icon: IconNews, shortcut: 'F12', role: 'viewer', Page: lazy(async () => ({ default: (await import('../../features/programme/index.ts')).ProgrammePage })) },
  // Beside the log: the same key with Shift.
  { id: 'planning', labelKey: 'app.pages.planning', Icon: IconCalendarWeek, shortcut: 'Shift+F4', role: 'viewer', Page: lazy(async () => ({ default: (await import('../../features/planning/index.ts')).PlanningPage })) },
  { id: 'log', labelKey: 'app.pages.log', Icon: IconCalendarTime, shortcut: 'F4', role: 'viewer', Page: lazy(async () => ({ default: (await import('../../features/log/index.ts')).LogPage })) },
  { id: 'air', labelKey: 'app.pages.air', Icon: IconBroadcast, shortcut: 'F5', role: 'viewer', Page: lazy(async () => ({ default: (await import('../../features/air/index.ts')).AirPage })) },
  { id: 'fleet', labelKey: 'app.pages.fleet', Icon: IconSpeakerphone, shortcut: 'F6', role: 'viewer', Page: lazy(async () => ({ default: (await import('../../features/fleet/index.ts')).FleetPage })) },
  { id: 'boards', labelKey: 'app.pages.boards', Icon: IconDeviceTv, shortcut: 'F7', role: 'viewer', Page: lazy(async () => ({ default: (await import('../../features/boards/index.ts')).BoardsPage })) },
  { id: 'emergency', labelKey: 'app.pages.emergency', Icon: IconAlertOctagon, shortcut: 'F8', role: 'viewer', Page: lazy(async () => ({ default: (await import('../../features/emergency/index.ts')).EmergencyPage })) },
  { id: 'reports', labelKey: 'app.pages.reports', Icon: IconFileAnalytics, shortcut: 'F9', role: 'viewer', Page: lazy(async () => ({ default: (await import('../../features/reports/index.ts')).ReportsPage })) },
  { id: 'settings', labelKey: 'app.pages.settings', Icon: IconSettings, shortcut: 'F10', role: 'viewer', Page: lazy(async () => ({ default: (await import('../../features/settings/index.ts')).SettingsPage })) },
]
