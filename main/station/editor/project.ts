import { edit, invert } from '#common/edl/index.ts'
import type { Command, EditContext, EditError, Edl, Patch } from '#common/edl/index.ts'
import { travel } from '#common/history/index.ts'
import { AppError } from '#contract/errors.ts'
import { encodeLine } from './log-file.ts'
import { openLog, readFolder, repair, writeState } from './project-folder.ts'
import type { LogAppender, Warning } from './project-folder.ts'
import { LogRecord } from './records.ts'
import type { ProjectRecord } from './records.ts'
import { advance } from './replay.ts'

const COMPACT_LINES = 1_000
const COMPACT_BYTES = 4_000_000

/** A change as it was made: its name, and what turns the list before into the list after. */
export interface Changed {
  readonly project: ProjectRecord
  readonly done: string
  readonly patches: readonly Patch[]
}
type Change = { kind: 'edit'; name: string; patches: Extract<LogRecord, { kind: 'edit' }>['patches'] } | { kind: 'undo' } | { kind: 'redo' } | { kind: 'goTo'; steps: number } | { kind: 'title'; title: string }

/**
 * One open project. Changes go one after the other: check the revision, make the new state, append the line, wait for the disk, then show it.
 * What was answered survives any kill.
 */
export class OpenProject {
  readonly folder: string
  readonly warning: Warning
  private state: ProjectRecord
  private readonly log: LogAppender
  private lines: number
  private bytes: number
  private turn: Promise<unknown> = Promise.resolve()

  private constructor(folder: string, state: ProjectRecord, warning: Warning, log: LogAppender, lines: number, bytes: number) {
    this.folder = folder
    this.state = state
    this.warning = warning
    this.log = log
    this.lines = lines
    this.bytes = bytes
  }

  /** @throws AppError not-found, file-unreadable, disk-full */
  static async open(folder: string, now: number): Promise<OpenProject> {
    const reading = await readFolder(folder)
    const fresh = reading.warning !== 'none' || reading.logLines > COMPACT_LINES
    if (fresh) await repair(folder, reading, now)
    const bytes = fresh ? 0 : reading.logBytes
    return new OpenProject(folder, reading.project, reading.warning, await openLog(folder, bytes), fresh ? 0 : reading.logLines, bytes)
  }

  get project(): ProjectRecord {
    return this.state
  }

  /** `prepare` may read what the edit will ask the context for. @throws AppError edit-conflict, edit-refused, disk-full */
  apply(rev: number, command: Command, context: EditContext, by: string, now: number, prepare?: (edl: Edl) => Promise<void>): Promise<Changed> {
    return this.change(rev, by, now, async (state) => {
      await prepare?.(state.edl)
      const made = edit(state.edl, command, context)
      if ('refused' in made) throw refusedAs(made)
      return { kind: 'edit', name: made.name, patches: made.patches }
    })
  }

  /** A change made elsewhere, as one step. @throws AppError edit-conflict, disk-full */
  put(rev: number, name: string, patches: readonly Patch[], by: string, now: number): Promise<Changed> {
    return this.change(rev, by, now, () => ({ kind: 'edit', name, patches }))
  }

  /** @throws AppError edit-conflict, nothing-to-undo, disk-full */
  undo(rev: number, by: string, now: number): Promise<Changed> {
    return this.change(rev, by, now, (state) => {
      if (state.history.undo.length === 0) throw new AppError('nothing-to-undo')
      return { kind: 'undo' }
    })
  }

  /** @throws AppError edit-conflict, nothing-to-redo, disk-full */
  redo(rev: number, by: string, now: number): Promise<Changed> {
    return this.change(rev, by, now, (state) => {
      if (state.history.redo.length === 0) throw new AppError('nothing-to-redo')
      return { kind: 'redo' }
    })
  }

  /** Many steps at once. @throws AppError edit-conflict, nothing-to-undo, nothing-to-redo, disk-full */
  goTo(rev: number, steps: number, by: string, now: number): Promise<Changed> {
    return this.change(rev, by, now, (state) => {
      if (travel(state.history, steps) === null) throw new AppError(steps < 0 ? 'nothing-to-undo' : 'nothing-to-redo')
      return { kind: 'goTo', steps }
    })
  }

  rename(rev: number, title: string, by: string, now: number): Promise<Changed> {
    return this.change(rev, by, now, () => ({ kind: 'title', title }))
  }

  /** Waits for what is under way; the project must not be used afterwards. */
  async close(): Promise<void> {
    await this.inTurn(() => this.log.close())
  }

  private change(rev: number, by: string, now: number, make: (state: ProjectRecord) => Change | Promise<Change>): Promise<Changed> {
    return this.inTurn(async () => {
      if (rev !== this.state.rev) throw new AppError('edit-conflict', { data: { rev: this.state.rev } })
      const before = this.state
      // As it will be read: what could not be opened again is never written, and the state has the bytes that a reopened one has.
      const line = LogRecord.parse({ ...(await make(before)), rev: rev + 1, at: Math.floor(now), by })
      const next = advance(before, line)
      if (next === null) throw new Error(`a ${line.kind} does not follow from revision ${rev}`)
      const encoded = encodeLine(line)
      await this.log.append(encoded)
      this.state = next
      this.lines += 1
      this.bytes += encoded.length
      if (this.lines >= COMPACT_LINES || this.bytes >= COMPACT_BYTES) await this.compactLog()
      return { project: next, ...whatWasDone(before, line) }
    })
  }

  /** The edit is safe in the log already: when this fails (disk full), the log simply stays long. */
  private async compactLog(): Promise<void> {
    try {
      await writeState(this.folder, this.state)
      await this.log.clear()
      this.bytes = 0
    } catch {
      // Tried again after as many more lines.
    }
    this.lines = 0
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(run, run)
    this.turn = mine.catch(() => undefined)
    return mine
  }
}

/** What a window is told of an edit that cannot be made. */
export function refusedAs({ refused, index }: EditError): AppError {
  return refused === 'no-item' ? new AppError('not-found') : new AppError('edit-refused', { data: { reason: refused, ...(index === undefined ? {} : { index }) } })
}

function whatWasDone(before: ProjectRecord, line: LogRecord): Omit<Changed, 'project'> {
  if (line.kind === 'edit') return { done: line.name, patches: line.patches }
  if (line.kind === 'title') return { done: 'rename', patches: [] }
  if (line.kind === 'goTo') {
    const steps = travel(before.history, line.steps)?.steps ?? []
    return { done: steps.at(-1)?.name ?? '', patches: steps.flatMap((step) => (line.steps < 0 ? invert(step.patches) : step.patches)) }
  }
  const step = (line.kind === 'undo' ? before.history.undo : before.history.redo).at(-1)
  return { done: step?.name ?? '', patches: line.kind === 'undo' ? invert(step?.patches ?? []) : (step?.patches ?? []) }
}
