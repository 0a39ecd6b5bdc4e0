import { useEffect, useRef, useState, type DragEvent, type ReactNode } from 'react'
import { ActionIcon, Button, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertTriangle, IconEraser, IconFileImport, IconFolderOpen, IconX } from '@tabler/icons-react'
import { useT } from '../../i18n/index.ts'
import { Kbd, PageHeader, Panel } from '../../ui/index.ts'
import { registerActions } from '../../app/actions/index.ts'
import { showError } from '../../app/errors/index.ts'
import { useNavigation } from '../../app/navigation/index.ts'
import { useMay } from '../../app/station-client/index.ts'
import { libraryActions } from './actions.ts'
import { BatchDrawer } from './batch-drawer.tsx'
import { CachesDialog } from './caches-dialog.tsx'
import { DetailPanel } from './detail-panel.tsx'
import { importByDialog, importDropped, importFolderByDialog } from './import-files.ts'
import { ImportDialog } from './import-dialog.tsx'
import { ImportStrip } from './import-strip.tsx'
import { ItemTable } from './item-table.tsx'
import { pageHandles, showLibrary, useLibraryView } from './library-store.ts'
import { ManyPanel } from './many-panel.tsx'
import { QuarantineDrawer, useQuarantine } from './quarantine-drawer.tsx'
import { isKind, isState, kinds, states } from './words.ts'
import './library.css'

export function LibraryPage() {
  const t = useT()
  const { kind, state, chosen } = useLibraryView()
  const [mayImport, mayClear] = [useMay('recorder'), useMay('editor')]
  const quarantined = useQuarantine().length
  const wantedItem = useNavigation((navigation) => navigation.params['itemId'])
  useEffect(() => registerActions(libraryActions), [])
  useEffect(() => {
    if (wantedItem !== undefined) showLibrary({ selectedId: wantedItem })
  }, [wantedItem])
  return (
    <DropArea enabled={mayImport}>
      <PageHeader title={t('library.title')} aside={<>
        {quarantined > 0 && <Button variant="default" leftSection={<IconAlertTriangle size={16} aria-hidden />} onClick={() => showLibrary({ quarantineOpen: true })} data-testid="quarantine-button">{t('library.quarantine.button', { count: quarantined })}</Button>}
        {mayClear && <ActionIcon variant="default" size={30} aria-label={t('holdings.caches.open')} title={t('holdings.caches.open')} onClick={() => showLibrary({ cachesOpen: true })} data-testid="caches-open"><IconEraser size={16} aria-hidden /></ActionIcon>}
        {mayImport && <Button variant="default" leftSection={<IconFolderOpen size={16} aria-hidden />} onClick={() => void importFolderByDialog().catch(showError)} data-testid="import-folder">{t('library.importFolder')}</Button>}
        {mayImport && <Button leftSection={<IconFileImport size={16} aria-hidden />} onClick={() => void importByDialog().catch(showError)} data-testid="import">{t('library.import')}</Button>}
      </>}>
        <SearchBox />
        <Select aria-label={t('library.kindFilter')} placeholder={t('library.kindFilter')} w={140} clearable clearButtonProps={{ 'aria-label': t('library.all') }} data={kinds.map((value) => ({ value, label: t(`library.kinds.${value}`) }))} value={kind} onChange={(value) => showLibrary({ kind: isKind(value) ? value : null })} data-testid="kind-filter" />
        <Select aria-label={t('library.stateFilter')} placeholder={t('library.stateFilter')} w={160} clearable clearButtonProps={{ 'aria-label': t('library.all') }} data={states.map((value) => ({ value, label: t(`library.states.${value}`) }))} value={state} onChange={(value) => showLibrary({ state: isState(value) ? value : null })} data-testid="state-filter" />
      </PageHeader>
      <ImportStrip />
      <div className="library-body">
        <Panel flush className="grow" label={t('library.table')}><ItemTable onOpen={() => document.getElementById('library-title-input')?.focus()} /></Panel>
        {chosen.size > 1 ? <ManyPanel /> : <DetailPanel />}
      </div>
      <QuarantineDrawer />
      <BatchDrawer />
      <ImportDialog />
      <CachesDialog />
    </DropArea>
  )
}

/** Text in the box at once, search a moment after the last key. */
function SearchBox() {
  const t = useT()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(() => useLibraryView.getState().query)
  const [query] = useDebouncedValue(text, 150)
  useEffect(() => showLibrary({ query }), [query])
  useEffect(() => {
    pageHandles.focusSearch = () => {
      input.current?.focus()
      input.current?.select()
    }
    return () => {
      pageHandles.focusSearch = null
    }
  }, [])
  return (
    <TextInput ref={input} w={290} aria-label={t('library.search')} placeholder={t('library.searchHint')} value={text} maxLength={200} onChange={(event) => setText(event.currentTarget.value)} data-testid="library-search"
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.code === 'Escape' && text !== '') setText('')
        else if (event.code === 'ArrowDown' || event.code === 'Enter') document.querySelector<HTMLElement>('.library-grid')?.focus()
        else return
        event.preventDefault()
      }}
      rightSectionWidth={text === '' ? 64 : 30}
      rightSection={text === '' ? <span className="library-key"><Kbd>Ctrl F</Kbd></span> : <ActionIcon variant="subtle" size="sm" aria-label={t('library.clear')} onClick={() => setText('')}><IconX size={14} /></ActionIcon>} />
  )
}

function DropArea(props: { enabled: boolean; children: ReactNode }) {
  const t = useT()
  const [over, setOver] = useState(0)
  const carriesFiles = (event: DragEvent): boolean => props.enabled && event.dataTransfer.types.includes('Files')
  return (
    <div className="page library-page" data-testid="library-page"
      onDragEnter={(event) => carriesFiles(event) && setOver((depth) => depth + 1)}
      onDragLeave={(event) => carriesFiles(event) && setOver((depth) => Math.max(0, depth - 1))}
      onDragOver={(event) => {
        if (carriesFiles(event)) event.preventDefault()
      }}
      onDrop={(event) => {
        setOver(0)
        if (!carriesFiles(event)) return
        event.preventDefault()
        void importDropped(event.dataTransfer).catch(showError)
      }}>
      {props.children}
      {over > 0 && <div className="library-drop" aria-hidden>{t('library.dropHere')}</div>}
    </div>
  )
}
