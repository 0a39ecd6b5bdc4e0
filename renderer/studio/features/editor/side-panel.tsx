import { useEffect, useRef } from 'react'
import { ActionIcon, Tabs } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useT } from '../../i18n/index.ts'
import { showEditor, useEditor } from './editor-store.ts'
import type { SideTab } from './editor-store.ts'
import { BinsTab } from './panels/bins-tab.tsx'
import { CommentsTab } from './panels/comments-tab.tsx'
import { ClipTab } from './panels/clip-tab.tsx'
import { HistoryTab } from './panels/history-tab.tsx'
import { MarkersTab } from './panels/markers-tab.tsx'
import { SoundTab } from './panels/sound-tab.tsx'
import { ToolCard, isSideTool } from './tools/tool-card.tsx'

const tabs = ['clip', 'history', 'markers', 'comments', 'bins', 'sound'] as const satisfies readonly SideTab[]
const contents = { clip: ClipTab, history: HistoryTab, markers: MarkersTab, comments: CommentsTab, bins: BinsTab, sound: SoundTab } as const

/**
 * Right of the timeline: facts and lists in tabs; a tool at work stands before them, so that the timeline shows what it proposes. On a narrow desk it
 * lies over the timeline: then it takes the focus, and gives it back.
 */
export function SidePanel() {
  const t = useT()
  const open = useEditor((state) => state.sideOpen)
  const tab = useEditor((state) => state.sideTab)
  const tool = useEditor((state) => state.dialog)
  const isOver = useEditor((state) => state.isNarrow)
  if (isSideTool(tool)) return <aside className="editor-side" aria-label={t(`editor.tools.${tool}.title`)}><ToolCard tool={tool} /></aside>
  if (!open) return null
  const Content = contents[tab]
  return (
    <aside className="editor-side" aria-label={t('editor.side.label')} data-testid="editor-side">
      {isOver && <OverHead />}
      <Tabs value={tab} onChange={(value) => {
        const sideTab = tabs.find((one) => one === value)
        if (sideTab !== undefined) showEditor({ sideTab })
      }} classNames={{ root: 'editor-side-tabs', list: 'editor-side-list', tab: 'editor-side-tab', panel: 'editor-side-body' }}>
        <Tabs.List aria-label={t('editor.side.label')}>
          {tabs.map((one) => <Tabs.Tab key={one} value={one} data-testid={`side-${one}`}>{t(`editor.side.${one}`)}</Tabs.Tab>)}
        </Tabs.List>
        <Tabs.Panel value={tab}><Content /></Tabs.Panel>
      </Tabs>
    </aside>
  )
}

/** The way out, for hands that do not know Escape. */
function OverHead() {
  const t = useT()
  const head = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const before = document.activeElement
    // A field that was asked for by its own key takes the focus afterwards.
    head.current?.parentElement?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus()
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <div ref={head} className="editor-side-over">
      <span>{t('editor.side.label')}</span>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t('app.close')} onClick={() => showEditor({ sideOpen: false })} data-testid="side-close"><IconX size={14} /></ActionIcon>
    </div>
  )
}
