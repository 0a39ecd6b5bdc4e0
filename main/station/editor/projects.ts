import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { edlLength, emptyEdl } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import type { ProjectSummary } from '#contract/editor.ts'
import { AppError } from '#contract/errors.ts'
import { Id } from '#contract/shapes.ts'
import type { StationContext } from '../context.ts'
import { syncFolder } from '../store/files.ts'
import { OpenProject } from './project.ts'
import { createFolder, folderStamp, readFolder } from './project-folder.ts'
import { PROJECT_VERSION, ProjectRecord } from './records.ts'

const REMOVED = '.removed'
const KEEP_REMOVED_MS = 30 * 86_400_000

/** All projects of the station: a folder each. One bad folder is told about and never hides the others. */
export class Projects {
  private readonly ctx: Pick<StationContext, 'folders' | 'clock' | 'newId' | 'notices' | 'logger'>
  private readonly open = new Map<string, Promise<OpenProject>>()
  private readonly opened = new Map<string, OpenProject>()
  private readonly summaries = new Map<string, { stamp: string; summary: ProjectSummary }>()

  constructor(ctx: Pick<StationContext, 'folders' | 'clock' | 'newId' | 'notices' | 'logger'>) {
    this.ctx = ctx
  }

  /** Sweeps what a crash left half made and what was removed long ago. Never throws. */
  async sweep(): Promise<void> {
    const root = this.ctx.folders.projects
    const removed = join(root, REMOVED)
    try {
      for (const name of await readdir(root)) if (name.endsWith('.part')) await rm(join(root, name), { recursive: true, force: true })
      await mkdir(removed, { recursive: true })
      for (const name of await readdir(removed)) {
        const { mtimeMs } = await stat(join(removed, name))
        if (mtimeMs < this.ctx.clock.now() - KEEP_REMOVED_MS) await rm(join(removed, name), { recursive: true, force: true })
      }
    } catch (error) {
      this.ctx.logger.warn('the projects folder could not be swept', { error })
    }
  }

  async list(): Promise<ProjectSummary[]> {
    const names = await readdir(this.ctx.folders.projects)
    const found: ProjectSummary[] = []
    for (const id of names) {
      if (!Id.safeParse(id).success) continue
      try {
        found.push(await this.summary(id))
      } catch (error) {
        this.ctx.logger.warn('a project could not be read', { id, error })
        if (error instanceof AppError && error.code !== 'not-found') this.ctx.notices.raise('warning', error, id)
      }
    }
    return found.sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1))
  }

  private async summary(id: string): Promise<ProjectSummary> {
    const open = await this.open.get(id)?.catch(() => undefined)
    if (open !== undefined) return summaryOf(open.project)
    const folder = this.folderOf(id)
    const mark = await folderStamp(folder)
    const known = this.summaries.get(id)
    if (known?.stamp === mark) return known.summary
    const summary = summaryOf((await readFolder(folder)).project)
    this.summaries.set(id, { stamp: mark, summary })
    return summary
  }

  async create(title: string, edl: Edl = emptyEdl): Promise<OpenProject> {
    const id = this.ctx.newId()
    const project = ProjectRecord.parse({ version: PROJECT_VERSION, id, title, rev: 0, updatedAt: Math.floor(this.ctx.clock.now()), edl, history: { undo: [], redo: [] } })
    await createFolder(this.folderOf(id), project)
    return this.get(id)
  }

  /** @throws AppError not-found, file-unreadable */
  get(id: string): Promise<OpenProject> {
    const known = this.open.get(id)
    if (known !== undefined) return known
    const opening = OpenProject.open(this.folderOf(id), this.ctx.clock.now())
    this.open.set(id, opening)
    // A project that could not be opened is tried again next time.
    opening.then((project) => this.opened.set(id, project), () => this.open.delete(id))
    return opening
  }

  /** Null when it is not open. */
  known(id: string): OpenProject | null {
    return this.opened.get(id) ?? null
  }

  /** Takes it off the list; the folder is kept for 30 days. */
  async remove(id: string, rev: number): Promise<void> {
    const project = await this.get(id)
    if (project.project.rev !== rev) throw new AppError('edit-conflict', { data: { rev: project.project.rev } })
    await project.close()
    this.open.delete(id)
    this.opened.delete(id)
    await mkdir(join(this.ctx.folders.projects, REMOVED), { recursive: true })
    await rename(this.folderOf(id), join(this.ctx.folders.projects, REMOVED, id))
    syncFolder(this.ctx.folders.projects)
  }

  async close(): Promise<void> {
    const open = [...this.open.values()]
    this.open.clear()
    this.opened.clear()
    for (const opening of open) await opening.then((project) => project.close(), () => undefined)
  }

  private folderOf(id: string): string {
    return join(this.ctx.folders.projects, id)
  }
}

function summaryOf(project: ProjectRecord): ProjectSummary {
  return { id: project.id, title: project.title, rev: project.rev, lengthSamples: samples(edlLength(project.edl)), updatedAt: project.updatedAt }
}
