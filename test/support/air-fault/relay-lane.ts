import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { defaultRelayLimits } from '#contract/relay.ts'
import type { BusState } from '#contract/air.ts'
import { tapPathOf } from '../../../main/station/air/host.ts'
import { temporaryFolder } from '../context.ts'
import { dateOf, importApproved, secondAfter } from '../on-air.ts'
import { heardRuns } from '../relay/pitch.ts'
import { SOURCE_HZ, startRelaySource } from '../relay/source.ts'
import type { RelaySourceProcess } from '../relay/source.ts'
import { sine, writeWav } from '../signals.ts'
import { foundStation, startStation } from '../station.ts'
import type { StationClient } from '../station-client.ts'
import { recordTap } from '../tap-recorder.ts'
import { until } from '../until.ts'
import type { AirResult } from './judge.ts'

const BACKUP_HZ = 1_000
const LASTS_MS = 120_000
const LIMITS = { ...defaultRelayLimits, bufferMs: 500, holdOffMs: 2_000, returnMs: 2_000 }
/** By the hold-off and what a backup needs to be opened; the buffer plays meanwhile. */
const SILENT_AT_MOST_MS = LIMITS.holdOffMs - LIMITS.bufferMs + 500

const ways: readonly { readonly how: string; break(source: RelaySourceProcess): Promise<void> | void; mend(source: RelaySourceProcess): Promise<void> | void }[] = [
  { how: 'killed', break: (source) => source.kill(), mend: (source) => source.start() },
  { how: 'frozen', break: (source) => source.freeze(), mend: (source) => source.thaw() },
]

/** A station relays another one, a process of its own, which is killed and frozen: the line's backup is heard within the hold-off, and the relay again when it is back. */
export async function runRelays(): Promise<AirResult[]> {
  const data = await temporaryFolder()
  try {
    await using source = await startRelaySource(data.path)
    await using station = await startStation({ readyWithinMs: 60_000 })
    const { client } = await foundStation(station)
    const at = await scheduleRelay(client, source.url, data.path)
    await using recorder = await recordTap(tapPathOf(join(station.folder, 'air')))
    await wait(at + 2_000 - Date.now())
    const spans: { how: string; fromMs: number; untilMs: number }[] = []
    for (const way of ways) {
      const fromMs = Date.now()
      await way.break(source)
      await until(`the backup of a source ${way.how}`, async () => (await relayOf(client))?.covered === true, 20_000)
      await wait(1_000)
      await way.mend(source)
      await until(`the relay of a source ${way.how}`, async () => {
        const relay = await relayOf(client)
        return relay?.covered === false && relay.state === 'ready'
      }, 40_000)
      await wait(1_500)
      spans.push({ how: way.how, fromMs, untilMs: Date.now() })
    }
    const { rows } = await client.call('log.asRun', { broadcastDate: dateOf(at) })
    const told = rows.filter(({ actualAt }) => actualAt >= at - 500).sort((a, b) => a.actualAt - b.actualAt).map(({ playSource, startSource }) => `${playSource}/${startSource}`).join(' ')
    const tap = await recorder.stop()
    const zero = tap.stationTimeOf(0)
    const runs = heardRuns(tap.left, { silence: 0, relay: SOURCE_HZ, backup: BACKUP_HZ }, 200).map(({ what, fromMs, untilMs }) => ({ what, fromMs: fromMs + zero, untilMs: untilMs + zero }))
    return spans.map(({ how, fromMs, untilMs }): AirResult => {
      const heard = runs.filter((run) => run.untilMs > fromMs && run.fromMs < untilMs)
      const sequence = heard.map(({ what }) => what).filter((what) => what !== 'silence').join(' ')
      const silent = Math.max(0, ...heard.filter(({ what }) => what === 'silence').map((run) => run.untilMs - run.fromMs))
      const good = sequence === 'relay backup relay' && silent <= SILENT_AT_MOST_MS && tap.missing === 0 && told.startsWith('relay/time backup/fallback relay/relayReturn')
      return { scenario: 'relay-source', how, heardMs: untilMs - fromMs, missing: tap.missing, wrongAtMs: -1, worstLateMs: 0, good, note: `${sequence}; silent for ${silent} ms; rows ${told}` }
    })
  } finally {
    await data.remove()
  }
}

async function relayOf(client: StationClient): Promise<BusState['relays'][number] | undefined> {
  return (await client.call('air.status', {})).buses[0]?.relays[0]
}

/** A slot, and in it a relay from an approved source with an approved backup. Gives its beginning. */
async function scheduleRelay(client: StationClient, url: string, folder: string): Promise<number> {
  const backup = await importApproved(client, await writeWav(join(folder, 'du-phong.wav'), sine({ hz: BACKUP_HZ, dbfs: -12, seconds: 60, channels: 2 })))
  const { id } = await client.call('relay.add', { ...LIMITS, title: 'Đài tỉnh', addresses: [{ kind: 'stream', url }] })
  await client.call('relay.approve', { id, rev: 1, approved: true })
  const at = secondAfter(15_000)
  const broadcastDate = dateOf(at)
  await client.call('log.addLines', {
    broadcastDate, afterLineId: null,
    lines: [{ kind: 'relay', title: 'Tiếp sóng đài tỉnh', relaySourceId: id, timing: { kind: 'hard', at, onReach: { kind: 'cut' } }, plannedSamples: (LASTS_MS * 48_000) / 1000, relayEndsAt: at + LASTS_MS, backupItemIds: [backup.id] }],
  })
  return at
}
