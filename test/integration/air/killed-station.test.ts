import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tapPathOf } from '../../../main/station/air/host.ts'
import { DATABASE } from '../../../main/station/store/backups.ts'
import { temporaryFolder } from '../../support/context.ts'
import { countingRuns } from '../../support/counter-tracks.ts'
import { importApproved, dateOf, schedule, secondAfter } from '../../support/on-air.ts'
import { counterWav } from '../../support/signals.ts'
import { foundStation, startStation } from '../../support/station.ts'
import { recordTap } from '../../support/tap-recorder.ts'

const SECOND = 48_000

describe('a station killed on air', () => {
  it('is back on air by itself where the clock says, without a person and before its slow rooms', async () => {
    const data = await temporaryFolder()
    try {
      const first = await startStation({ folder: data.path })
      const { client } = await foundStation(first)
      const source = join(data.path, 'dem.wav')
      writeFileSync(source, counterWav(40 * SECOND, 2, 1))
      const item = await importApproved(client, source)
      const at = secondAfter(1500)
      const day = await schedule(client, [{ itemId: item.id, at }])
      await client.waitFor('air.asRun', (row) => row.title === item.title && row.endedAt === null, 20_000)

      const tapPath = tapPathOf(join(data.path, 'air'))
      await using recorder = await recordTap(tapPath)
      // The position is written each second: two of them make sure that it is there.
      await client.waitFor('air.status', (status) => status.at > at + 2500, 10_000)
      const killedAt = Date.now()
      await first.kill()
      await using second = await startStation({ folder: data.path })
      const roomsOpenAt = Date.now()
      const again = await second.connect()
      await again.call('accounts.signIn', { userName: 'quantri', password: 'Loa-xa-Vang-01' })
      await again.waitFor('air.status', (status) => status.at > killedAt + 6000, 20_000)
      const { rows } = await again.call('log.asRun', { broadcastDate: dateOf(at) })
      const tap = await recorder.stop()

      expect(rows.map((row) => [row.lineId, row.startSource, row.stopReason])).toEqual([[day.lines[0]?.id, 'time', 'unclean'], [day.lines[0]?.id, 'catchUp', null]])
      const played = (rows[0]?.playedSamples ?? 0) / 48
      expect(played).toBeGreaterThan(killedAt - at - 2000)
      expect(played).toBeLessThan(killedAt - at + 200)

      const unit = 10 ** (item.playGainDb / 20)
      const boundary = tap.blocks.find((block) => block.connection !== tap.blocks[0]?.connection)
      expect(boundary).toBeDefined()
      const onset = tap.onset(boundary?.place ?? 0)
      const backMs = tap.arrivalOf(onset) - killedAt
      // How soon on a quiet machine is the bench's to say; here a neighbour may have both cores.
      expect(backMs).toBeLessThan(15_000)
      expect(tap.arrivalOf(onset)).toBeLessThan(roomsOpenAt)
      // 100 ms after the join the ramp is over: the value itself tells the sample.
      const probe = onset + 4800
      const heard = Math.round(((tap.left[probe] ?? 0) / unit) * 0x800000) - 1
      const due = (tap.stationTimeOf(probe) - at) * 48
      expect(Math.abs(heard - due)).toBeLessThan(48 * 5)
      // By the reader's own clock, never by the station's: at most 100 ms from where it should be.
      expect(Math.abs(tap.arrivalOf(probe) - at - heard / 48)).toBeLessThan(100)
      if (item.playGainDb === 0) expect(countingRuns(tap.left.subarray(onset + 240)).filter((run) => run.length > 100)).toHaveLength(1)
    } finally {
      await data.remove()
    }
  })

  it('starts with air/plan.json alone when the database is damaged', async () => {
    const data = await temporaryFolder()
    try {
      const first = await startStation({ folder: data.path })
      const { client } = await foundStation(first)
      const source = join(data.path, 'dem.wav')
      writeFileSync(source, counterWav(30 * SECOND, 1, 1))
      const item = await importApproved(client, source)
      await schedule(client, [{ itemId: item.id, at: secondAfter(1500) }])
      await client.waitFor('air.asRun', (row) => row.title === item.title, 20_000)
      await first.kill()
      const file = join(data.path, 'database', DATABASE)
      for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
      writeFileSync(file, readFileSync(file).fill(7))
      await using second = await startStation({ folder: data.path })
      expect(second.mode).toBe('safe')
      await using recorder = await recordTap(tapPathOf(join(data.path, 'air')))
      await new Promise((resolve) => setTimeout(resolve, 500))
      const tap = await recorder.stop()
      expect(tap.onset()).toBeGreaterThanOrEqual(0)
    } finally {
      await data.remove()
    }
  })
})
