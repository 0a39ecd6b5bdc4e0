import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StationContext } from '../context.ts'
import { fillArea, fillProgrammes, type DemoDeps } from './fill.ts'
import { pairDemoRadios, startDemoRadios } from './radios.ts'

export { demoSignIn } from './area.ts'

export interface DemoOptions extends DemoDeps {
  readonly devicesUrl: () => string | null
}

/**
 * Fills an empty data folder once and starts the simulated radios at every start. People and places are there when this resolves;
 * programmes and pairings follow while the desk is already open.
 */
export async function startDemo(ctx: StationContext, options: DemoOptions): Promise<void> {
  const mark = join(ctx.folders.root, 'demo.json')
  const first = !existsSync(mark)
  const filled = first ? await fillArea(ctx, options.rooms) : null
  if (first) writeFileSync(mark, JSON.stringify({ filledAt: ctx.clock.now() }))
  const url = options.devicesUrl()
  const later = async (): Promise<void> => {
    const radios = url === null ? null : await startDemoRadios(ctx, url)
    await Promise.all([
      filled === null || radios === null ? null : pairDemoRadios(radios.labels, filled.person, filled.area),
      filled === null ? null : fillProgrammes(ctx, options, filled.person),
    ])
  }
  later().catch((error: unknown) => ctx.logger.error('the demo area is incomplete', { error: String(error) }))
}
