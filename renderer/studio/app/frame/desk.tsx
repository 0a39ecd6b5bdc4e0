import { Suspense, useEffect, useMemo } from 'react'
import { Loader } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { registerActions, shortcutText, type Action } from '../actions/index.ts'
import { go, useNavigation } from '../navigation/index.ts'
import { may, useStation } from '../station-client/index.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { frameActions } from './frame-actions.ts'
import { pages } from './pages.tsx'
import { Palette } from './palette.tsx'
import { StatusBar } from './status-bar.tsx'

export function Desk() {
  const t = useT()
  const current = useNavigation((state) => state.page)
  const session = useStation((state) => state.session)
  const open = useMemo(() => pages.filter((page) => may(session, page.role)), [session])
  useEffect(() => {
    const goActions: Action[] = open.map((page) => ({ id: `go.${page.id}`, labelKey: page.labelKey, shortcut: page.shortcut, isKeyFixed: true, subject: 'go', role: page.role, run: () => go(page.id) }))
    return registerActions([...goActions, ...frameActions])
  }, [open])
  const entry = open.find((page) => page.id === current) ?? open[0]
  return (
    <div className="desk">
      <a className="skip-link" href="#page">{t('app.skipToPage')}</a>
      <nav className="desk-rail" aria-label={t('app.rail')}>
        <div className="desk-brand"><span>VangXa<small>{t('app.brandLine')}</small></span></div>
        {open.map((page) => (
          <button key={page.id} type="button" className={`rail-item ${page.id === 'emergency' ? 'emergency' : ''}`} aria-current={page.id === entry?.id ? 'page' : undefined} title={`${t(page.labelKey)} (${shortcutText(page.shortcut)})`} onClick={() => go(page.id)} data-testid={`rail-${page.id}`}>
            <page.Icon size={18} />
            <span>{t(page.labelKey)}</span>
            <span className="key" aria-hidden>{shortcutText(page.shortcut)}</span>
          </button>
        ))}
      </nav>
      <main id="page" className="desk-page" tabIndex={-1} data-page={entry?.id}>
        {entry !== undefined && (
          <ErrorBoundary key={entry.id}>
            <Suspense fallback={<Loader m="lg" aria-label={t('app.loading')} />}><entry.Page /></Suspense>
          </ErrorBoundary>
        )}
      </main>
      <StatusBar />
      <Palette />
    </div>
  )
}
