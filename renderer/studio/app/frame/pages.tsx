import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
import { IconAlertOctagon, IconBroadcast, IconCalendarTime, IconDeviceTv, IconFileAnalytics, IconLibrary, IconMicrophone, IconSettings, IconSpeakerphone, IconWaveSine } from '@tabler/icons-react'
import type { Permission } from '#contract/roles.ts'
import type { MessageKey } from '../../i18n/index.ts'
import type { PageId } from '../navigation/index.ts'

export interface PageEntry {
  readonly id: PageId
  readonly labelKey: MessageKey
  readonly Icon: ComponentType<{ size?: number }>
  readonly shortcut: string
  readonly role: Permission
  readonly Page: LazyExoticComponent<ComponentType> | null
}

const rooms = import.meta.glob<Record<string, ComponentType>>('../../features/*/index.ts')
function load(room: string, name: string): LazyExoticComponent<ComponentType> | null {
  const open = rooms[`../../features/${room}/index.ts`]
  return open === undefined ? null : lazy(async () => {
    const Page = (await open())[name]
    if (Page === undefined) throw new Error(`${room} has no ${name}`)
    return { default: Page }
  })
}

/** The rail, top to bottom. Each page is its own chunk: the window opens without the editor's weight. */
export const pages: readonly PageEntry[] = [
  { id: 'library', labelKey: 'app.pages.library', Icon: IconLibrary, shortcut: 'F1', role: 'viewer', Page: load('library', 'LibraryPage') },
  { id: 'recorder', labelKey: 'app.pages.recorder', Icon: IconMicrophone, shortcut: 'F2', role: 'recorder', Page: load('recorder', 'RecorderPage') },
  { id: 'editor', labelKey: 'app.pages.editor', Icon: IconWaveSine, shortcut: 'F3', role: 'viewer', Page: load('editor', 'EditorPage') },
  { id: 'log', labelKey: 'app.pages.log', Icon: IconCalendarTime, shortcut: 'F4', role: 'viewer', Page: load('log', 'LogPage') },
  { id: 'air', labelKey: 'app.pages.air', Icon: IconBroadcast, shortcut: 'F5', role: 'viewer', Page: load('air', 'AirPage') },
  { id: 'fleet', labelKey: 'app.pages.fleet', Icon: IconSpeakerphone, shortcut: 'F6', role: 'viewer', Page: load('fleet', 'FleetPage') },
  { id: 'boards', labelKey: 'app.pages.boards', Icon: IconDeviceTv, shortcut: 'F7', role: 'viewer', Page: load('boards', 'BoardsPage') },
  { id: 'emergency', labelKey: 'app.pages.emergency', Icon: IconAlertOctagon, shortcut: 'F8', role: 'viewer', Page: load('emergency', 'EmergencyPage') },
  { id: 'reports', labelKey: 'app.pages.reports', Icon: IconFileAnalytics, shortcut: 'F9', role: 'viewer', Page: load('reports', 'ReportsPage') },
  { id: 'settings', labelKey: 'app.pages.settings', Icon: IconSettings, shortcut: 'F10', role: 'viewer', Page: load('settings', 'SettingsPage') },
]
