import { app } from 'electron'
import en from '#resources/locales/en.json'
import vi from '#resources/locales/vi.json'

export type Language = 'vi' | 'en'
export type ShellText = keyof typeof vi.shell

const tables: Record<Language, Record<ShellText, string>> = { vi: vi.shell, en: en.shell }
let language: Language = 'vi'
const listeners = new Set<() => void>()

/** Words of menus, tray and dialogs, from the same files as the window's. */
export function text(key: ShellText): string {
  return tables[language][key]
}

export function useLanguage(next: Language): void {
  if (next === language) return
  language = next
  for (const listener of listeners) listener()
}

export function onLanguage(listener: () => void): void {
  listeners.add(listener)
}

/** Vietnamese unless this computer speaks English; the window says otherwise when the person chose. */
export function guessLanguage(): void {
  useLanguage(app.getLocale().startsWith('en') && !app.getPreferredSystemLanguages().some((tag) => tag.startsWith('vi')) ? 'en' : 'vi')
}
