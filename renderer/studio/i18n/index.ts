import i18next from 'i18next'
import ICU from 'i18next-icu'
import { initReactI18next, useTranslation } from 'react-i18next'
import vi from '../../../resources/locales/vi.json' with { type: 'json' }
import en from '../../../resources/locales/en.json' with { type: 'json' }

/** Dotted paths of the reference language: a text that is not in vi.json does not compile. */
type Leaves<T, P extends string = ''> = { [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaves<T[K], `${P}${K}.`> }[keyof T & string]
export type MessageKey = Leaves<typeof vi>
export type Language = 'vi' | 'en'

const storedLanguage = localStorage.getItem('language') === 'en' ? 'en' : 'vi'

export async function startTexts(): Promise<void> {
  await i18next.use(ICU).use(initReactI18next).init({
    lng: storedLanguage, fallbackLng: 'vi', returnNull: false, interpolation: { escapeValue: false },
    resources: { vi: { translation: vi }, en: { translation: en } },
  })
  document.documentElement.lang = i18next.language
}

export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem('language', language)
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}
export const currentLanguage = (): Language => (i18next.language === 'en' ? 'en' : 'vi')

export type Translate = (key: MessageKey, values?: Readonly<Record<string, string | number | boolean | null>>) => string

export function useT(): Translate {
  const { t } = useTranslation()
  return (key, values) => String(t(key, values ?? {}))
}
/** Outside React (notifications, error boundary). */
export const translate: Translate = (key, values) => String(i18next.t(key, values ?? {}))

/** For keys made from codes (error codes, states); null when the text does not exist. */
export function translateCode(key: string, values?: Readonly<Record<string, string | number | boolean | null>>): string | null {
  return i18next.exists(key) ? String(i18next.t(key, values ?? {})) : null
}
