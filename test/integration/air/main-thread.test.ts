import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openHost } from '../../../main/station/air/host.ts'
import { openTestContext } from '../../support/context.ts'
import { until } from '../../support/until.ts'

it('an audio thread goes on while the main thread stands still, and is not taken for hung afterwards', async () => {
  await using ctx = await openTestContext()
  const nothing = (): void => undefined
  const host = openHost(ctx, { heard: nothing, changed: nothing, liveEnded: nothing, lost: nothing, stretchWanted: nothing, fallback: nothing, asRun: nothing })
  await until('the air to run', () => host.phase === 'running')
  const zero = host.buses[0]?.zeroAtUs
  // Longer than the silence after which a thread counts as hung, whenever the last look was.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_000)
  await wait(2_500)
  expect(ctx.logger.lines.map(({ message }) => message)).not.toContain('the air thread is replaced')
  expect(host.phase).toBe('running')
  // The same bus, still counting from the same sample 0; the clock may have been steered by some ms meanwhile, a new thread would begin seconds later.
  expect(Math.abs((host.buses[0]?.zeroAtUs ?? 0) - (zero ?? 0))).toBeLessThan(50_000)
}, 30_000)
