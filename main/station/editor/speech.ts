import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { speechInFiles } from '#common/activity/index.ts'
import type { Command, Edl, EditContext, Range } from '#common/edl/index.ts'
import type { StationContext } from '../context.ts'

/** More sources than a programme has; what falls out is read again. */
const MAX_KNOWN = 2_000

/**
 * Where somebody speaks in the sources of a project, from the peaks the library keeps (`peaks/<sha256>.dat`, `.rms`). Edits ask without waiting, so
 * what they may need is read before. Without peaks a source counts as speech from beginning to end: the bed stays down, nobody is drowned.
 */
export class SpeechShelf {
  private readonly ctx: Pick<StationContext, 'folders' | 'logger'>
  private readonly known = new Map<string, readonly Range[]>()

  constructor(ctx: Pick<StationContext, 'folders' | 'logger'>) {
    this.ctx = ctx
  }

  of(sha256: string): readonly Range[] | null {
    return this.known.get(sha256) ?? null
  }

  /** Reads what the command may ask for: only lists with a lane that goes down under speech ask at all. */
  async prepare(edl: Edl, command: Command, context: Pick<EditContext, 'item'>): Promise<void> {
    const commands = command.op === 'batch' ? command.commands : [command]
    const isAsked = edl.lanes.some((lane) => lane.duck !== null && !lane.duck.handEdited) || commands.some((one) => one.op === 'setDuck')
    if (!isAsked) return
    // Beds are long and say nothing: their peaks are not read for it.
    const beds = new Set(commands.flatMap((one) => (one.op === 'setDuck' ? [one.laneId] : [])))
    const heard = new Set(edl.lanes.filter((lane) => lane.duck === null && !beds.has(lane.id)).flatMap((lane) => lane.clips.map((clip) => clip.sourceId)))
    const wanted = new Set(edl.sources.filter((source) => heard.has(source.id)).map((source) => source.sha256))
    for (const one of commands) {
      if ('itemId' in one) wanted.add(context.item(one.itemId)?.sha256 ?? '')
      if (one.op === 'pasteLanes') for (const source of one.sources) wanted.add(source.sha256)
    }
    for (const sha256 of wanted) if (/^[0-9a-f]{64}$/.test(sha256) && !this.known.has(sha256)) await this.read(sha256)
  }

  private async read(sha256: string): Promise<void> {
    const base = join(this.ctx.folders.peaks, sha256)
    const [peaks, body] = await Promise.all([readFile(`${base}.dat`).catch(() => null), readFile(`${base}.rms`).catch(() => null)])
    const spoken = peaks === null ? null : speechInFiles(peaks, body)
    if (spoken === null) {
      this.ctx.logger.debug('no peaks to find speech in', { sha256 })
      return
    }
    const oldest = this.known.keys().next().value
    if (this.known.size >= MAX_KNOWN && oldest !== undefined) this.known.delete(oldest)
    this.known.set(sha256, spoken)
  }
}
