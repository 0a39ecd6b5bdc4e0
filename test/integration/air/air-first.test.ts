import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wallSamples } from '#common/playout/index.ts'
import { samples } from '#common/units/samples.ts'
import type { HostListener } from '../../../main/station/air/host.ts'
import { loadAirThread } from '../../../main/station/air/load-thread.ts'
import type { AsRunEntry } from '../../../main/station/air/messages.ts'
import type { AirProgramme } from '../../../main/station/air/programme.ts'
import { startAir } from '../../../main/station/air/start.ts'
import { hardLine } from '../../support/compiled-line.ts'
import { openTestContext } from '../../support/context.ts'
import type { TestContext } from '../../support/context.ts'
import { counterWav } from '../../support/signals.ts'
import { until } from '../../support/until.ts'

const LENGTH = 48_000 * 20
const HEADER_BYTES = 44
const nothing = (): void => undefined

let ctx: TestContext
beforeEach(async () => {
  ctx = await openTestContext()
})
afterEach(() => ctx[Symbol.asyncDispose]())

/** One line that should have begun a second ago. */
function running(): AirProgramme {
  const path = join(ctx.folders.root, 'dem.wav')
  writeFileSync(path, counterWav(LENGTH, 2, 1))
  const [date, now] = ['2026-11-21', ctx.clock.now()]
  const pcm = { path, format: 'int24' as const, channels: 2, dataOffsetBytes: HEADER_BYTES, length: samples(LENGTH) }
  return {
    lines: [hardLine({ id: ctx.newId(), itemId: ctx.newId(), title: 'Bản tin', sha256: '0'.repeat(64), pcm, at: Math.round(now) - 1_000, broadcastDate: date })],
    slots: [], fill: [], days: [{ logId: date, broadcastDate: date, startsAt: wallSamples(now - 3_600_000), endsAt: wallSamples(now + 86_400_000) }],
  }
}
function listener(entries: AsRunEntry[]): HostListener {
  return { heard: nothing, changed: nothing, liveEnded: nothing, lost: nothing, stretchWanted: nothing, fallback: nothing, asRun: (entry) => void entries.push(entry) }
}

describe('the air before the rooms', () => {
  it('sounds from its plan file alone, and tells its first listener what it has played until then', async () => {
    const before = startAir(ctx)
    before.host.use(running())
    await before.host.close()

    const { host, listen } = startAir(ctx, { loaded: loadAirThread() })
    await host.sounding(20_000)
    await until('the line to sound', () => (host.buses[0]?.playing ?? null) !== null)
    const entries: AsRunEntry[] = []
    listen(listener(entries))
    expect(entries.map(({ entry, row }) => [entry, 'title' in row ? row.title : ''])).toEqual([['started', 'Bản tin']])
    await host.close()
    // From now on it tells at once.
    expect(entries.map(({ entry }) => entry)).toEqual(['started', 'ended'])
  }, 60_000)

  it('once closed, is not started again by anybody', async () => {
    const { host } = startAir(ctx)
    await host.sounding(20_000)
    await host.close()
    await wait(1_500)
    expect(host.phase).toBe('stopped')
    expect(ctx.logger.lines.map(({ message }) => message)).not.toContain('the air thread ended; it is started again')
  }, 60_000)
})
