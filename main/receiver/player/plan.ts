import { createHash } from 'node:crypto'
import { expandSchedule, type Occurrence } from '#common/slots/index.ts'
import type { ManifestLetter } from '#common/letters/index.ts'
import type { Flash } from '../flash.ts'
import type { ClaimChange } from './desk.ts'
import { openProgramme, type Programme, type ProgrammePart } from './programme.ts'
import type { Relay } from './relay.ts'
import type { Stage } from './stage.ts'
import { msOfSamples, samplesOfMs } from './timeline.ts'

/** The stored schedule on the output. Lives from the manifest and the clock alone. */
export interface Plan {
  set(manifest: ManifestLetter): void
  /** Groups or mode changed. */
  refresh(): void
  service(at: number): void
  retime(): void
  /** Output sample of the next start; Infinity when none is near. */
  nextStart(at: number): number
  /** Ends a running slot by its id; false when none runs. */
  stop(ref: string, prio: number): 'stopped' | 'not-here' | 'not-owner'
  running(): readonly string[]
}

const ADMIT_AHEAD_MS = 60_000
const WINDOW_MS = 48 * 3_600_000
const STARTED = 'started.json'

interface Entry {
  occurrence: Occurrence
  readonly identity: string
  readonly programme: Programme
  readonly origin: () => number
  failed: Set<string>
  heard: number | null
  soundedOnce: boolean
}

export function openPlan(stage: Stage, options: { flash: Flash; dev: string; iss: () => string; openRelay: (occurrence: Occurrence, backup: Programme | null) => Relay | null }): Plan {
  let manifest: ManifestLetter | null = null
  let occurrences: Occurrence[] = []
  let expandedAt = 0
  const entries = new Map<string, Entry>()
  const relays = new Map<string, Relay>()
  const over = new Map<string, number>()
  /** Occurrences that had begun: after a power cut they may be joined however late. */
  const started = new Map<string, number>(readStarted(options.flash.read(STARTED)))

  /** What cannot change under a running slot. Its list of items and its end can. */
  function identityOf(one: Occurrence): string {
    const { play: _play, durSec: _durSec, hardEnd: _hardEnd, lateMaxSec: _lateMaxSec, title: _title, exdate: _exdate, rrule: _rrule, ...fixed } = one.slot
    return `${one.key}#${createHash('sha1').update(JSON.stringify(fixed)).digest('base64')}`
  }

  function expand(): void {
    if (manifest === null) return
    const now = stage.clock.now()
    expandedAt = now
    const expanded = expandSchedule(manifest, { dev: options.dev, groups: stage.settings().groups }, now - 3_600_000, now + WINDOW_MS)
    occurrences = expanded.occurrences.filter((one) => one.slot.kind !== 'screen')
    for (const slot of expanded.refused) stage.event('play.fail', { ref: slot, code: 'unsupported' })
    const wanted = new Map(occurrences.map((one) => [identityOf(one), one]))
    for (const [key, entry] of [...entries]) {
      const one = wanted.get(entry.identity)
      if (one === undefined) end(key, 'replaced')
      else {
        entry.occurrence = one
        if (one.slot.stream === undefined) entry.programme.replace(partsOf(one))
      }
    }
    for (const memory of [over, started]) for (const [key, at] of memory) if (at < now - 86_400_000) memory.delete(key)
  }

  function partsOf(one: Occurrence): ProgrammePart[] {
    const parts: ProgrammePart[] = []
    if (one.slot.chime !== undefined) parts.push({ sha256: one.slot.chime, plannedMs: stage.item(one.slot.chime)?.durMs ?? 0 })
    for (const play of one.slot.play ?? []) {
      parts.push({
        sha256: play.item, plannedMs: stage.item(play.item)?.durMs ?? one.slot.durSec * 1000, ...(play.fromMs === undefined ? {} : { fromMs: play.fromMs }), ...(play.toMs === undefined ? {} : { toMs: play.toMs }),
        ...(play.gainDb === undefined ? {} : { gainDb: play.gainDb }),
      })
    }
    return parts
  }

  const hardEndOf = (one: Occurrence): number | null => (one.slot.hardEnd === true || one.slot.stream !== undefined ? stage.timeline.sampleAt(one.plannedEndAt + stage.settings().delayMs) : null)

  function admit(one: Occurrence): void {
    const { slot } = one
    const origin = (): number => stage.timeline.sampleAt(one.startAt + stage.settings().delayMs)
    const failed = new Set<string>()
    const programme = openProgramme({
      parts: slot.stream === undefined ? partsOf(one) : slot.stream.backup === undefined ? [] : [{ sha256: slot.stream.backup, plannedMs: stage.item(slot.stream.backup)?.durMs ?? 0 }],
      sounds: stage.sounds, origin, hardEnd: () => hardEndOf(entries.get(one.key)?.occurrence ?? one),
      lateMaxMs: slot.lateMaxSec === undefined || started.has(one.key) ? null : slot.lateMaxSec * 1000, after: slot.after ?? 'join', loop: slot.stream !== undefined,
      onFail: (sha256, code) => {
        failed.add(sha256)
        stage.event('play.fail', { ref: slot.slot, sha256, code })
      },
    })
    const relay = slot.stream === undefined ? null : options.openRelay(one, slot.stream.backup === undefined ? null : programme)
    const entry: Entry = { occurrence: one, identity: identityOf(one), programme, origin, failed, heard: null, soundedOnce: false }
    entries.set(one.key, entry)
    if (relay !== null) relays.set(one.key, relay)
    stage.desk.add({ ref: one.key, kind: 'slot', prio: slot.prio, rank: 0, iss: options.iss(), voice: relay?.voice ?? programme, gain: stage.gain(slot.prio, slot.volume), tell: (change) => told(entry, change) })
  }

  function told(entry: Entry, change: ClaimChange): void {
    const { occurrence } = entry
    const ref = occurrence.slot.slot
    if (change.kind === 'began') {
      if (!started.has(occurrence.key)) {
        started.set(occurrence.key, stage.clock.now())
        options.flash.write(STARTED, [...started])
      }
      if (!entry.soundedOnce) stage.event('play.start', { ref, startLateMs: Math.round(msOfSamples(change.at - entry.origin())) })
      entry.soundedOnce = true
      stage.whenHeard(occurrence.key, (outDbfs) => {
        entry.heard ??= outDbfs
      })
    } else if (change.kind === 'refused') skip(occurrence, 'late')
    else if (change.kind === 'waits' && change.outcome.st === 'rejected') skip(occurrence, change.outcome.code)
  }
  function skip(occurrence: Occurrence, code: string): void {
    stage.event('play.skip', { ref: occurrence.slot.slot, code })
    end(occurrence.key, 'skipped')
  }
  function end(key: string, why: 'played' | 'skipped' | 'replaced' | 'stopped'): void {
    const entry = entries.get(key)
    if (entry === undefined) return
    entries.delete(key)
    relays.get(key)?.close()
    relays.delete(key)
    if (why !== 'replaced') over.set(entry.identity, stage.clock.now())
    if (why === 'played' && !entry.soundedOnce) stage.event('play.skip', { ref: entry.occurrence.slot.slot, code: entry.failed.size > 0 ? 'no_file' : 'busy_higher' })
    else if (entry.soundedOnce) {
      stage.event('play.end', {
        ref: entry.occurrence.slot.slot, sha256: entry.programme.firstItem(), plannedMs: Math.max(0, Math.round(msOfSamples(entry.programme.end() - entry.origin()))), playedMs: Math.round(msOfSamples(entry.programme.playedSamples)),
        startLateMs: Math.round(msOfSamples((entry.programme.firstAt ?? entry.origin()) - entry.origin())), lvl: entry.heard === null ? 0 : 1, ...(entry.heard === null ? {} : { outDbfs: entry.heard }),
      })
    }
    stage.desk.remove(key, { fade: why !== 'played' })
  }

  return {
    set(next) {
      manifest = next
      expand()
    },
    refresh: expand,
    service(at) {
      const now = stage.clock.now()
      if (now - expandedAt > 3_600_000) expand()
      if (stage.settings().mode === 'active') {
        for (const one of occurrences) {
          if (one.startAt > now + ADMIT_AHEAD_MS) break
          if (!entries.has(one.key) && one.plannedEndAt > now && !over.has(identityOf(one))) admit(one)
        }
      } else for (const key of [...entries.keys()]) end(key, 'replaced')
      for (const [key, entry] of [...entries]) {
        relays.get(key)?.voice.service(at)
        // Until it begins, its place follows the clock.
        if (!entry.soundedOnce) entry.programme.retime()
        entry.programme.service(at)
        const relayEnd = relays.has(key) ? stage.timeline.sampleAt(entry.occurrence.plannedEndAt) : null
        if (at >= (relayEnd ?? entry.programme.end())) end(key, 'played')
      }
    },
    retime() {
      for (const entry of entries.values()) entry.programme.retime()
      expand()
    },
    nextStart(at) {
      let next = Infinity
      for (const entry of entries.values()) if (entry.programme.end() > at) next = Math.min(next, Math.max(at, entry.origin()))
      return next
    },
    stop(ref, prio) {
      for (const [key, entry] of entries) {
        if (entry.occurrence.slot.slot !== ref && ref !== '*') continue
        if (entry.origin() > stage.now() + samplesOfMs(1000)) continue
        if (entry.occurrence.slot.prio > prio) return 'not-owner'
        end(key, 'stopped')
        return 'stopped'
      }
      return 'not-here'
    },
    running: () => [...entries.keys()],
  }
}

function readStarted(value: unknown): [string, number][] {
  return Array.isArray(value) ? value.filter((one: unknown): one is [string, number] => Array.isArray(one) && typeof one[0] === 'string' && typeof one[1] === 'number') : []
}
