import { useEffect } from 'react'
import { Button } from '@mantine/core'
import { create } from 'zustand'
import type { EditLease } from '#contract/editor.ts'
import { useT } from '../../i18n/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call, connection, may, useMay, useStation, useStationEvent } from '../../app/station-client/index.ts'
import { StateBadge } from '../../ui/index.ts'
import { editorNow, useEditor } from './editor-store.ts'

/** Who holds the open project. Another window's hold makes this one read-only, until it is released or taken over. */
export const useLease = create<{ readonly lease: EditLease | null }>(() => ({ lease: null }))
const isElsewhere = (lease: EditLease | null): boolean => lease !== null && !lease.mine

/** For actions: does another window hold it? */
export const isLeased = (): boolean => isElsewhere(useLease.getState().lease)
/** May this window change the open project? */
export function useMayEdit(): boolean {
  const isFree = !useLease((state) => isElsewhere(state.lease))
  return useMay('editor') && isFree
}

async function read(projectId: string): Promise<void> {
  const { lease } = await call('editor.lease', { projectId })
  if (editorNow().project?.id === projectId) useLease.setState({ lease })
}

/** Takes the project into the hand when it is free; an editor who opens it means to edit. */
async function hold(projectId: string): Promise<void> {
  if (!may(useStation.getState().session, 'editor')) return read(projectId)
  const { lease } = await call('editor.lease', { projectId })
  if (isElsewhere(lease)) useLease.setState({ lease })
  else useLease.setState({ lease: (await call('editor.hold', { projectId, takeOver: false })).lease })
}
const holdQuietly = (projectId: string): void => void hold(projectId).catch(() => read(projectId).catch(() => undefined))

/** A station that restarted knows no holders. */
connection.onRefetch(() => {
  const { project } = editorNow()
  if (project !== null) holdQuietly(project.id)
})

/** In the header: who else is editing, and the way to take over. */
export function LeaseState() {
  const t = useT()
  const projectId = useEditor((state) => state.project?.id)
  const lease = useLease((state) => state.lease)
  const mayTake = useMay('editor')
  useStationEvent('editor.lease', (changed) => {
    if (changed.projectId === projectId) void read(changed.projectId).catch(() => undefined)
  })
  useEffect(() => {
    if (projectId === undefined) return undefined
    holdQuietly(projectId)
    return () => {
      const { lease: held } = useLease.getState()
      useLease.setState({ lease: null })
      if (held?.mine === true) void call('editor.release', { projectId }).catch(() => undefined)
    }
  }, [projectId])
  if (lease === null || lease.mine || projectId === undefined) return null
  const takeOver = async (): Promise<void> => {
    try {
      useLease.setState({ lease: (await call('editor.hold', { projectId, takeOver: true })).lease })
    } catch (error) {
      showError(error)
    }
  }
  return (
    <span className="editor-lease" role="status" data-testid="editor-lease">
      <StateBadge tone="warn">{t('editor.lease.readOnly', { holder: lease.holder })}</StateBadge>
      {mayTake && <Button size="compact-xs" variant="default" onClick={() => void takeOver()} data-testid="take-over">{t('editor.lease.takeOver')}</Button>}
    </span>
  )
}
