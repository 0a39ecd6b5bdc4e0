import { useEffect, useRef, type ComponentType } from 'react'
import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useT } from '../../../i18n/index.ts'
import { showEditor } from '../editor-store.ts'
import type { Dialog } from '../editor-store.ts'
import { closeTool } from './close-tool.ts'
import { DuckTool } from './duck-tool.tsx'
import { FitTool } from './fit-tool.tsx'
import { SilenceTool } from './silence-tool.tsx'

export type SideTool = Extract<Dialog, 'silence' | 'fit' | 'duck'>
const tools: Readonly<Record<SideTool, ComponentType>> = { silence: SilenceTool, fit: FitTool, duck: DuckTool }
export const isSideTool = (dialog: Dialog): dialog is SideTool => dialog in tools

/** A tool beside the timeline, not over it: what it proposes is seen and heard before it is done. Escape leaves it. */
export function ToolCard(props: { tool: SideTool }) {
  const t = useT()
  const card = useRef<HTMLDivElement>(null)
  const Tool = tools[props.tool]
  useEffect(() => {
    const before = document.activeElement
    const first = card.current?.querySelector<HTMLElement>('input, select, button:not([data-close])')
    first?.focus()
    if (first instanceof HTMLInputElement) first.select()
    const element = card.current
    const onKey = (event: KeyboardEvent): void => {
      if (event.code !== 'Escape' || event.defaultPrevented) return
      event.preventDefault()
      closeTool()
    }
    element?.addEventListener('keydown', onKey)
    return () => {
      element?.removeEventListener('keydown', onKey)
      showEditor({ proposed: [], landings: [], preview: null })
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [props.tool])
  return (
    <div ref={card} className="editor-tool-card" data-testid={`tool-card-${props.tool}`}>
      <header className="editor-tool-head">
        <h2>{t(`editor.tools.${props.tool}.title`)}</h2>
        <ActionIcon size="sm" variant="subtle" color="gray" data-close aria-label={t('app.close')} onClick={closeTool}><IconX size={14} /></ActionIcon>
      </header>
      <Tool />
    </div>
  )
}
