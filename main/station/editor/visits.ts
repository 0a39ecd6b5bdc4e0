import type { StationContext } from '../context.ts'

/** Which projects windows have before them: the last one each of them opened. */
export class Visits {
  private readonly at = new Map<string, string>()

  constructor(ctx: Pick<StationContext, 'connections' | 'scope'>) {
    ctx.scope.add(ctx.connections.onGone((connectionId) => void this.at.delete(connectionId)))
  }

  note(connectionId: string, projectId: string): void {
    this.at.set(connectionId, projectId)
  }
  projects(): Set<string> {
    return new Set(this.at.values())
  }
}
