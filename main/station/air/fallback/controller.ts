import { FallbackLadder, OutputMonitor, defaultMonitorSettings } from '#common/fallback/index.ts'
import type { FallbackCause, FallbackUp, LadderStep, MonitorReading, Rung } from '#common/fallback/index.ts'
import type { PlayoutMode } from '#common/playout/index.ts'
import type { BusEngine } from '../bus/engine.ts'
import type { CompiledSlot, PassedSound } from '../../faces.ts'
import type { OpenPcmSource } from '../pcm-source.ts'
import type { RelayInput } from '../relay/relay-input.ts'
import type { FallbackEvent, LastResort } from './events.ts'
import { FallbackLayer } from './layer.ts'
import { FileSound, reelSound, toneSound } from './sounds.ts'
import type { FallbackSound, Reel } from './sounds.ts'

const S = 48_000
/** Silence in an open slot before a person is told, and before a backup comes; null = it does not come by itself. */
const patience: Record<PlayoutMode, { readonly alarm: number; readonly rescue: number | null }> = { auto: { alarm: 10 * S, rescue: 10 * S }, assist: { alarm: 3 * S, rescue: 15 * S }, manual: { alarm: 3 * S, rescue: null } }
/** 500 ms without samples: a source hangs. */
const HUNG = S / 2
/** A hole nothing fills is left silent for so long. */
const HOLE = 2 * S
/** A file of a list that is not open by then is passed over. */
const OPEN_WITHIN = S * 0.3

export interface FallbackOptions {
  readonly engine: BusEngine
  readonly openSource: OpenPcmSource
  readonly reel: Reel
  readonly lastResort: () => LastResort
  readonly tell: (event: FallbackEvent) => void
}

/** The backup of one bus: listens to what goes out, and puts a rung of the ladder in the place of a log that does not sound. */
export class FallbackController {
  readonly layer = new FallbackLayer(defaultMonitorSettings.silenceDbfs)
  private readonly options: FallbackOptions
  private readonly monitor = new OutputMonitor()
  private readonly ladder = new FallbackLadder()
  private readonly turn = new Map<Rung, number>()
  private opening: { readonly sound: FallbackSound; readonly since: number } | null = null
  private failures = 0
  /** What plays is of a rung that has failed. */
  private isStale = false
  private watchedSince = 0
  /** Slot, mode, and whether somebody else has the bus: looked at with every block, so they are compared and not written together. */
  private watched: { readonly slotId: string | null; readonly mode: PlayoutMode; readonly isHeld: boolean } | null = null
  private startsSeen = 0
  private isTold = false
  /** The line whose own backups may play. */
  private troubled: string | null = null

  constructor(options: FallbackOptions) {
    this.options = options
    options.engine.addLayer(this.layer, () => this.layer.row)
  }

  get up(): FallbackUp | null {
    return this.ladder.up
  }
  get reading(): MonitorReading {
    return this.monitor.reading
  }
  /** Title of what a backup list plays; empty for the reel and the tone. */
  get title(): string {
    return this.layer.row.title
  }
  confirm(): void {
    this.ladder.confirm()
  }

  /** A block as it goes out. */
  hear(left: Float32Array, right: Float32Array, frames: number): void {
    this.monitor.hear(left, right, frames)
  }

  /** Call it after each block. */
  step(): void {
    const { engine } = this.options
    const slot = engine.log.compiledSlotAt(engine.wall)
    const mode = engine.log.plan.waiting !== null && engine.log.mode === 'auto' ? 'assist' : engine.log.mode
    this.watch(slot?.slot.id ?? null, mode, engine.isHeld)
    const { relay } = engine
    // A relay is meant to be heard, whether or not a slot was made for it.
    const isOpen = !engine.isHeld && (relay !== null || (slot !== null && !this.isClosed(slot)))
    if (this.ladder.up === null) this.troubled = engine.troubledLineId
    const silentFor = isOpen ? Math.min(this.monitor.reading.silentFor, engine.position - this.watchedSince) : 0
    const { alarm, rescue } = patience[mode]
    this.alarm(silentFor >= alarm, silentFor)
    const fault = this.faultOf(slot, mode, rescue, silentFor)
    const junction = engine.starts !== this.startsSeen
    this.startsSeen = engine.starts
    const step = this.ladder.step({ at: engine.position, permitted: isOpen && rescue !== null, fault, goodFor: relay?.health.goodFor ?? this.layer.below.goodFor, recoverySamples: relay?.returnSamples, junction, failed: this.hasFailed(slot, silentFor, rescue), has: (rung) => this.has(rung, slot) })
    if (step !== null) this.take(step)
    if (this.ladder.up !== null) this.supply(this.ladder.up.rung, slot)
    this.writeRelay(relay)
  }

  stop(): void {
    this.layer.leave()
    this.layer.sound?.close()
    this.opening?.sound.close()
  }

  /** What is written of a relay is what was heard of it. */
  private writeRelay(relay: RelayInput | null): void {
    const { engine } = this.options
    if (this.ladder.up === null) engine.uncoverRelay()
    else if (relay !== null && relay.health.fault !== null && this.layer.audible) engine.coverRelay(relay.health.fault === 'silence' ? 'silenceFailover' : 'sourceLost')
  }

  /** Silence from before the slot opened, or before the mode was this, is nobody's fault. */
  private watch(slotId: string | null, mode: PlayoutMode, isHeld: boolean): void {
    const { watched } = this
    if (watched !== null && watched.slotId === slotId && watched.mode === mode && watched.isHeld === isHeld) return
    this.watched = { slotId, mode, isHeld }
    this.watchedSince = this.options.engine.position
  }

  /** A slot that may close early is over when its last line is. */
  private isClosed({ slot }: CompiledSlot): boolean {
    const { engine } = this.options
    if (slot.onUnderrun !== 'close' || engine.onAir.length > 0) return false
    return !engine.log.plan.sounding.some(({ start, status }) => status !== 'finishing' && start !== null && start < slot.endAt && start >= slot.startAt)
  }

  private faultOf(slot: CompiledSlot | null, mode: PlayoutMode, rescue: number | null, silentFor: number): FallbackCause | null {
    const { engine } = this.options
    // A source is judged by its own limits.
    if (engine.relay !== null) return relayFault(engine.relay)
    if (engine.hungFor >= HUNG) return 'sourceHung'
    if (engine.isLost) return 'sourceLost'
    if (this.ladder.up !== null) return null
    if (rescue !== null && silentFor >= rescue) return 'silence'
    return mode === 'auto' && slot?.slot.onUnderrun === 'fill' && engine.onAir.length === 0 && silentFor >= HOLE ? 'nothingToPlay' : null
  }

  /** Its list has been tried in vain, or it is up and nothing is heard of it. */
  private hasFailed(slot: CompiledSlot | null, silentFor: number, rescue: number | null): boolean {
    const { up } = this.ladder
    if (up === null || up.rung === 'lastResort') return false
    if (this.failures > 0 && this.failures >= Math.max(1, this.listOf(up.rung, slot).length)) return true
    return rescue !== null && this.layer.audible && silentFor >= rescue && this.options.engine.position - up.since >= rescue
  }

  private alarm(isSilent: boolean, silentFor: number): void {
    if (isSilent === this.isTold) return
    this.isTold = isSilent
    this.options.tell(isSilent ? { kind: 'silence', silentFor } : { kind: 'sound' })
  }

  private listOf(rung: Rung, slot: CompiledSlot | null): readonly PassedSound[] {
    return rung === 'lineBackup' ? this.lineBackups : rung === 'slotBackup' ? (slot?.backups ?? []) : rung === 'stationBackup' ? this.options.engine.log.stationBackups : []
  }
  private get lineBackups(): readonly PassedSound[] {
    return this.troubled === null ? [] : (this.options.engine.log.lineOf(this.troubled)?.backups ?? [])
  }
  private has(rung: Rung, slot: CompiledSlot | null): boolean {
    const resort = this.options.lastResort()
    switch (rung) {
      case 'lineBackup':
      case 'slotBackup':
      case 'stationBackup': return this.listOf(rung, slot).length > 0
      case 'reel': return resort === 'reel' && this.options.reel.pcm !== null
      case 'lastResort': return resort === 'tone'
    }
  }

  private take(step: LadderStep): void {
    this.opening?.sound.close()
    this.opening = null
    this.failures = 0
    this.isStale = step.kind === 'climbed'
    if (step.kind === 'down') this.layer.leave()
    else if (step.kind === 'up') this.layer.below.reset()
    this.options.tell(step)
  }

  /** Keeps something to play in the layer: opens the next of the list, and passes over what does not open. */
  private supply(rung: Rung, slot: CompiledSlot | null): void {
    const { engine } = this.options
    const { sound } = this.layer
    const plays = !this.isStale && this.layer.audible && sound !== null && !sound.over && !sound.failed && isOf(rung, sound)
    if (plays && (this.layer.hasNext || sound.row.playSource !== 'backup')) return
    this.opening ??= this.open(rung, slot)
    if (this.opening === null) return
    const { sound: opened, since } = this.opening
    if (opened.failed || (!opened.ready && engine.position - since > OPEN_WITHIN)) {
      opened.close()
      this.opening = null
      this.failures++
      return
    }
    if (!opened.ready) return
    this.opening = null
    this.failures = 0
    if (plays) this.layer.follow(opened)
    else this.layer.play(opened)
    this.isStale = false
  }

  private open(rung: Rung, slot: CompiledSlot | null): { sound: FallbackSound; since: number } | null {
    const { engine, openSource, reel } = this.options
    const since = engine.position
    if (rung === 'reel') return reel.pcm === null ? null : { sound: reelSound(reel.pcm), since }
    if (rung === 'lastResort') return { sound: toneSound(), since }
    const list = this.listOf(rung, slot)
    const index = this.turn.get(rung) ?? 0
    const item = list[index % list.length]
    if (item === undefined) return null
    this.turn.set(rung, (index + 1) % list.length)
    return { sound: new FileSound(item, openSource), since }
  }
}

/** Lost with the connection standing = it hangs. */
function relayFault({ health, feed }: RelayInput): FallbackCause | null {
  return health.fault === 'sourceLost' && feed.isConnected ? 'sourceHung' : health.fault
}

function isOf(rung: Rung, { row }: FallbackSound): boolean {
  return row.playSource === (rung === 'reel' ? 'reel' : rung === 'lastResort' ? 'tone' : 'backup')
}
