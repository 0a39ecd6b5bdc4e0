import type { EditLease } from '#contract/editor.ts'
import { AppError } from '#contract/errors.ts'
import type { Caller, StationContext } from '../context.ts'

interface Held {
  readonly connectionId: string
  readonly holder: string
  readonly since: number
}

/**
 * One window edits a project at a time; the others look on. The first edit takes the lease where nobody has it; it ends when the window lets go or its
 * connection is over. It says who works here; that no edit is lost is kept by revisions, with or without it.
 */
export class Leases {
  private readonly ctx: Pick<StationContext, 'clock' | 'events' | 'connections' | 'scope'>
  private readonly held = new Map<string, Held>()

  constructor(ctx: Pick<StationContext, 'clock' | 'events' | 'connections' | 'scope'>) {
    this.ctx = ctx
    ctx.scope.add(ctx.connections.onGone((connectionId) => {
      for (const [projectId, lease] of this.held) if (lease.connectionId === connectionId) this.end(projectId)
    }))
  }

  of(projectId: string, caller: Caller): EditLease | null {
    const lease = this.held.get(projectId)
    return lease === undefined ? null : { holder: lease.holder, since: lease.since, mine: lease.connectionId === caller.connectionId }
  }

  /** @throws AppError edit-lease when another window has it */
  hold(projectId: string, caller: Caller, takeOver = false): EditLease {
    const lease = this.held.get(projectId)
    if (lease !== undefined && lease.connectionId !== caller.connectionId && !takeOver) throw new AppError('edit-lease', { data: { holder: lease.holder } })
    if (lease?.connectionId === caller.connectionId) return { holder: lease.holder, since: lease.since, mine: true }
    const since = Math.floor(this.ctx.clock.now())
    this.held.set(projectId, { connectionId: caller.connectionId, holder: caller.name, since })
    this.ctx.events.emit('editor.lease', { projectId, holder: caller.name })
    return { holder: caller.name, since, mine: true }
  }

  /** Those that somebody edits now. */
  projects(): string[] {
    return [...this.held.keys()]
  }

  release(projectId: string, caller: Caller): void {
    if (this.held.get(projectId)?.connectionId === caller.connectionId) this.end(projectId)
  }

  /** The project is gone. */
  end(projectId: string): void {
    if (this.held.delete(projectId)) this.ctx.events.emit('editor.lease', { projectId, holder: null })
  }
}
