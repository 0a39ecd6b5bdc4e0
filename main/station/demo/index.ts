import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StationContext } from '../context.ts'
import { demoSignIn } from './area.ts'
import { fillBulletin } from './bulletin.ts'
import { fillArea, fillNotice, fillProgrammes, type DemoDeps } from './fill.ts'
import { pairDemoRadios, startDemoRadios } from './radios.ts'

export interface DemoOptions extends DemoDeps {
  readonly devicesUrl: () => string | null
}

const markOf = (ctx: StationContext): string => join(ctx.folders.root, 'demo.json')
const isEmptyStation = (ctx: StationContext): boolean => ctx.db.prepare('SELECT 1 FROM people LIMIT 1').get() === undefined

/** How the window enters a demo by itself; undefined where the folder was not filled by the demo. */
export function demoSignInOf(ctx: StationContext): { userName: string; password: string } | undefined {
  return existsSync(markOf(ctx)) || isEmptyStation(ctx) ? { userName: demoSignIn.userName, password: demoSignIn.password } : undefined
}

/**
 * Fills an empty data folder once and starts the simulated radios and screens at every start. People and places are there when this resolves;
 * programmes and pairings follow while the desk is already open.
 */
export async function startDemo(ctx: StationContext, options: DemoOptions): Promise<void> {
  const mark = markOf(ctx)
  const first = !existsSync(mark)
  // A folder with people in it belongs to somebody: the demo never writes into real data.
  if (first && !isEmptyStation(ctx)) return ctx.logger.warn('this folder already holds a station: no demo data was added')
  const filled = first ? await fillArea(ctx, options.rooms) : null
  if (first) writeFileSync(mark, JSON.stringify({ filledAt: ctx.clock.now() }))
  const url = options.devicesUrl()
  const later = async (): Promise<void> => {
    const radios = url === null ? null : await startDemoRadios(ctx, url)
    await Promise.all([
      filled === null || radios === null ? null : pairDemoRadios(radios.labels, filled.person, filled.area),
      filled === null ? null : fillNotice(ctx, filled.person, filled.area),
      filled === null ? null : fillProgrammes(ctx, options, filled.person),
    ])
    if (filled !== null) await fillBulletin(ctx, options, filled.person)
  }
  later().catch((error: unknown) => ctx.logger.error('the demo area is incomplete', { error: String(error) }))
}
