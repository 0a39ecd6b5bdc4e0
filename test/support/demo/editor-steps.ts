import type { Page } from '@playwright/test'
import type { StationClient } from '../station-client.ts'
import type { Desk } from './desk.ts'

export async function trimAndRender(_page: Page, desk: Desk, client: StationClient, itemId: string, trim: { startSec: number; endSec: number }, title: string): Promise<void> {
  let project = await client.call('editor.create', { title, itemIds: [itemId] })
  const laneIds = project.edl.lanes.map((lane) => lane.id)
  project = await client.call('editor.apply', { projectId: project.id, rev: project.rev, command: { op: 'trimTo', range: { start: trim.startSec * 48000, end: trim.endSec * 48000 }, laneIds } })
  const { jobId } = await client.call('editor.render', { projectId: project.id, rev: project.rev, title, format: 'wav' })
  await client.waitFor('jobs.changed', (job) => job.id === jobId && job.state === 'done', 60_000)
  await desk.go('library')
}
