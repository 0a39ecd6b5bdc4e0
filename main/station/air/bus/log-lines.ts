import type { FillItem, PlayoutLine, PlayoutTiming } from '#common/playout/index.ts'
import type { CompiledLine, PassedSound } from '../../faces.ts'
import type { AirProgramme } from '../programme.ts'

/** The log of one bus as it was compiled, and as it counts now: without times nobody can trust, graces that a person holds, speeds that cannot be made. */
export class LogLines {
  lines: readonly CompiledLine[] = []
  slots: readonly AirProgramme['slots'][number]['slot'][] = []
  days: AirProgramme['days'] = []
  fill: readonly FillItem[] = []
  /** Nobody knows what time it is: timed lines come in the order of the log. */
  timedHeld = false
  private compiled: readonly PlayoutLine[] = []
  private compiledSlots: AirProgramme['slots'] = []
  private readonly byLine = new Map<string, CompiledLine>()
  private readonly fillSounds = new Map<string, PassedSound>()
  private readonly heldGraces = new Set<string>()
  /** Files of which none at another speed could be made. */
  private readonly unstretchable = new Set<string>()
  /** Of lines, those that could not be opened: the next backup has the line's turn. */
  private readonly failed = new Map<string, ReadonlySet<string>>()
  private changed: { readonly key: string; readonly of: readonly PlayoutLine[]; readonly lines: readonly PlayoutLine[] } | null = null

  use(programme: AirProgramme): void {
    this.lines = programme.lines
    this.compiled = programme.lines.map(({ line }) => line)
    this.compiledSlots = programme.slots
    this.slots = programme.slots.map(({ slot }) => slot)
    this.days = programme.days
    this.fill = programme.fill.map(({ item }) => item)
    this.byLine.clear()
    for (const line of this.lines) this.byLine.set(line.line.id, line)
    for (const lineId of this.failed.keys()) if (!this.byLine.has(lineId)) this.failed.delete(lineId)
    this.fillSounds.clear()
    for (const { item, sound } of programme.fill) this.fillSounds.set(item.id, sound)
  }

  get(lineId: string): CompiledLine | null {
    return this.byLine.get(lineId) ?? null
  }
  /** What a line plays, and whether that is a backup: its sound, or the first of its backups that could be opened. */
  soundOf(lineId: string): { readonly sound: PassedSound; readonly isBackup: boolean } | null {
    const line = this.byLine.get(lineId)
    if (line === undefined || line.sound === null) return null
    const failed = this.failed.get(lineId)
    if (failed === undefined || !failed.has(line.sound.sha256)) return { sound: line.sound, isBackup: line.isBackup === true }
    const backup = line.backups.find(({ sha256 }) => !failed.has(sha256))
    return backup === undefined ? { sound: line.sound, isBackup: line.isBackup === true } : { sound: backup, isBackup: true }
  }
  /** What the line plays cannot be opened. False: there is nothing else it could play. */
  useBackup(lineId: string): boolean {
    const line = this.byLine.get(lineId)
    const playing = this.soundOf(lineId)
    if (line === undefined || playing === null) return false
    const failed = new Set([...(this.failed.get(lineId) ?? []), playing.sound.sha256])
    if (!line.backups.some(({ sha256 }) => !failed.has(sha256))) return false
    this.failed.set(lineId, failed)
    return true
  }
  /** The slot that is open at a wall sample. */
  slotAt(wall: number): AirProgramme['slots'][number] | null {
    return this.compiledSlots.find(({ slot: { startAt, endAt } }) => startAt <= wall && wall < endAt) ?? null
  }
  /** What the station has for anybody: its own fill. */
  get stationBackups(): readonly PassedSound[] {
    return [...this.fillSounds.values()]
  }
  soundOfFill(itemId: string): PassedSound | null {
    return this.fillSounds.get(itemId) ?? null
  }

  /** @param bannerId log:line:rev; another rev is another timer */
  holdGrace(bannerId: string, held: boolean): void {
    if (held) this.heldGraces.add(bannerId)
    else this.heldGraces.delete(bannerId)
  }
  isGraceHeld(bannerId: string): boolean {
    return this.heldGraces.has(bannerId)
  }
  /** Lines whose grace a person holds. */
  get held(): readonly PlayoutLine[] {
    return this.heldGraces.size === 0 ? [] : this.compiled.filter((line) => this.heldGraces.has(graceIdOf(line)))
  }
  cannotStretch(sha256: string): void {
    this.unstretchable.add(sha256)
  }

  /** The same list as long as nothing in it changes: the sequencer works out the order of a list only once. */
  get now(): readonly PlayoutLine[] {
    if (!this.timedHeld && this.heldGraces.size === 0 && this.unstretchable.size === 0 && this.failed.size === 0) return this.compiled
    const key = `${this.timedHeld} ${[...this.heldGraces, ...this.unstretchable, ...[...this.failed].map(([lineId, sounds]) => `${lineId}${sounds.size}`)].join(' ')}`
    if (this.changed?.key !== key || this.changed.of !== this.compiled) this.changed = { key, of: this.compiled, lines: this.lines.map((line) => this.asItCounts(line)) }
    return this.changed.lines
  }

  private asItCounts({ line, sound }: CompiledLine): PlayoutLine {
    const timing = this.timingOf(line)
    const stretchable = line.stretchable && (sound === null || !this.unstretchable.has(sound.sha256))
    const counts = timing === line.timing && stretchable === line.stretchable ? line : { ...line, timing, stretchable }
    const played = this.failed.has(line.id) ? this.soundOf(line.id)?.sound : undefined
    return played === undefined || played === sound ? counts : { ...counts, itemId: played.itemId, lengthSamples: played.pcm.length, markers: played.markers }
  }

  private timingOf(line: PlayoutLine): PlayoutTiming {
    const { timing } = line
    if (this.timedHeld) return timing.kind === 'follow' ? timing : { kind: 'follow' }
    if (!('onReach' in timing) || timing.onReach.kind !== 'waitUpTo' || !this.heldGraces.has(graceIdOf(line))) return timing
    return { ...timing, onReach: { kind: 'makeNext' } }
  }
}

/** What a grace is known by: one that was edited is another. */
export function graceIdOf({ logId, id, rev }: PlayoutLine): string {
  return `${logId}:${id}:${rev}`
}
