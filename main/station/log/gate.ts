import { approvalRefusal, isEmbargoed } from '#common/approval/index.ts'
import { AppError } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import type { LineReason } from '#contract/log.ts'
import { contentKinds } from '#contract/content-kinds.ts'
import type { LineState, Markers } from '#common/playout/index.ts'
import type { Logger } from '../context.ts'
import type { LibraryRoom, LineJudge, PassedSound, PcmFile, RelayEdition, RelayOnAir, RelaySources } from '../faces.ts'
import type { StoredLine } from './stored.ts'

export interface Verdict {
  readonly state: LineState
  readonly reason: LineReason | null
  readonly item: Item | null
  /** Set exactly when the state is `ok` and the line is a file. */
  readonly sound: PassedSound | null
  /** What plays in its place: the first of its own backups that may sound, when its item may not or cannot. The state still says what is wrong with the item. */
  readonly standIn?: PassedSound
  /** Set exactly when the state is `ok` and the line is a relay. */
  readonly relay?: RelayOnAir
  readonly title: string
  /** Decoded length of the item, or the planned one of a line without. */
  readonly lengthSamples: number
}

/**
 * The one door between the log and anything audible. Promises: a sound comes out only for an item that is approved at this moment, by as many persons as it needs, after its
 * embargo, whose file is there with the bytes that were approved; a relay only from an approved source; nothing that another room objects to. Relies on the library's word for approval. What does not pass is named, never guessed.
 */
export interface Gate {
  /** Looks for the sound files of items not looked at since they were forgotten. */
  load(itemIds: Iterable<string>): Promise<void>
  forget(itemId?: string): void
  /** Items that relays of these dates were recorded to. */
  editionItems(dates: readonly string[]): readonly string[]
  /** Its approval and its sound, whenever it is meant to be heard. */
  judgeItem(itemId: string | null): Verdict
  /** The same for what has no time of its own, backups and fill: under embargo it is not ready at all. */
  readyItem(itemId: string): Verdict
  /**
   * @param at predicted start, UTC ms, for rules that go by the clock; null = not known yet
   * @param seen verdicts on items of this moment: a jingle stands in the log a hundred times
   */
  judge(line: StoredLine, at: number | null, seen?: Map<string, Verdict>): Verdict
  addJudge(judge: LineJudge): () => void
  useRelaySources(sources: RelaySources): void
  /** Whether any other room has a say: then times matter to the verdict. */
  readonly hasJudges: boolean
}

const noMarkers: Markers = { cueIn: null, fadeInEnd: null, introStart: null, introEnd: null, segueStart: null, segueEnd: null, fadeOutStart: null, cueOut: null }

function withoutSound({ relay: _relay, ...verdict }: Verdict, { state, reason }: Pick<Verdict, 'state' | 'reason'>): Verdict {
  return { ...verdict, state, reason, sound: null }
}

export function createGate(library: Pick<LibraryRoom, 'get' | 'approvedPcmOf'>, logger: Logger, now: () => number): Gate {
  const files = new Map<string, { readonly sha256: string; readonly pcm: PcmFile | null; readonly isChanged: boolean }>()
  const judges = new Set<LineJudge>()
  let relays: RelaySources | null = null

  const soundOf = (itemId: string | null): Verdict => {
    const item = itemId === null ? null : library.get(itemId)
    if (item === null) return { state: 'noItem', reason: { code: itemId === null ? 'noItemChosen' : 'itemGone' }, item, sound: null, title: '', lengthSamples: 0 }
    const not = (state: LineState, code: LineReason['code']): Verdict => ({ state, reason: { code }, item, sound: null, title: item.title, lengthSamples: item.lengthSamples })
    const refusal = approvalRefusal(item)
    if (refusal !== null) return not('notApproved', refusal)
    const found = files.get(item.id)
    if (found?.isChanged === true && found.sha256 === item.sha256) return not('notApproved', 'changedSinceApproval')
    if (item.fileMissing === true || (found !== undefined && found.sha256 === item.sha256 && found.pcm === null)) return not('noTake', 'soundGone')
    if (found === undefined || found.pcm === null || found.sha256 !== item.sha256) return not('notReady', 'soundNotRead')
    if (found.pcm.length !== item.lengthSamples || found.pcm.length === 0) return not('notReady', 'soundOfOtherLength')
    const { id, title, sha256, playGainDb, lengthSamples } = item
    return { state: 'ok', reason: null, item, title, lengthSamples, sound: { itemId: id, title, sha256, pcm: found.pcm, gainDb: playGainDb, markers: null, content: contentKinds[item.kind], ...(item.embargoUntil === undefined ? {} : { notBeforeMs: item.embargoUntil }) } }
  }
  /** @param at null = not known yet: nothing is said against a time that is not there */
  const embargoed = (verdict: Verdict, at: number | null): Verdict => (at === null || verdict.item === null || verdict.state !== 'ok' || !isEmbargoed(verdict.item, at) ? verdict : { ...verdict, state: 'ruleBlocked', reason: { code: 'embargo' }, sound: null })
  /** A relay that was recorded is an item like any other, from where its programme begins. */
  const editionVerdict = (line: StoredLine, edition: RelayEdition | null): Verdict => {
    if (edition === null) return { state: 'noTake', reason: { code: 'noEdition' }, item: null, sound: null, title: line.title, lengthSamples: line.lengthSamples }
    const title = edition.isEarlier ? `${edition.title} (${edition.ofDate.slice(8)}/${edition.ofDate.slice(5, 7)})` : edition.title
    const verdict = { ...soundOf(edition.itemId), title }
    if (verdict.sound === null) return verdict
    const cueOut = Math.min(edition.cueOut, verdict.sound.pcm.length)
    return { ...verdict, sound: { ...verdict.sound, title, markers: { ...noMarkers, cueIn: edition.cueIn, cueOut } } }
  }
  const relay = (line: StoredLine): Verdict => {
    const named = line.relaySourceId
    const edition = named === null ? undefined : relays?.editionOf(named, line.broadcastDate)
    if (edition !== undefined) return editionVerdict(line, edition)
    const source = named !== null ? (relays?.get(named) ?? null) : line.relaySources.length > 0 ? (relays?.holding(line.relaySources) ?? null) : null
    const all = { item: null, sound: null, title: source?.title ?? line.title, lengthSamples: line.lengthSamples }
    // Nobody answers for a source that is only written down: until it is registered and approved, its line is honest about it.
    if (source === null && named === null && line.relaySources.length > 0) return { ...all, state: 'notReady', reason: { code: 'relayNotHeard' } }
    if (source === null) return { ...all, state: 'noItem', reason: { code: named === null ? 'noRelayChosen' : 'relayGone' } }
    return source.approved ? { ...all, state: 'ok', reason: null, relay: source.relay } : { ...all, state: 'notApproved', reason: { code: 'relayNotApproved' } }
  }
  /** The first word of another room against it. */
  const objectionTo = (line: StoredLine, item: Item | null, at: number | null): ReturnType<LineJudge> => {
    for (const judge of judges) {
      const objection = judge({ lineId: line.id, broadcastDate: line.broadcastDate, item, kind: line.kind, slotId: line.slotId, at })
      if (objection !== null) return objection
    }
    return null
  }
  const readyItem = (itemId: string): Verdict => embargoed(soundOf(itemId), now())
  /** What is wrong with an item is not wrong with its backup; a rule of the hour is for the line, whatever plays in it. */
  const withStandIn = (line: StoredLine, verdict: Verdict, at: number | null): Verdict => {
    if (verdict.state === 'ok' || verdict.state === 'ruleBlocked' || (line.kind !== 'audio' && line.kind !== 'track')) return verdict
    for (const itemId of line.backupItemIds) {
      const { sound, item } = readyItem(itemId)
      if (sound !== null && objectionTo(line, item, at) === null) return { ...verdict, standIn: sound }
    }
    return verdict
  }
  const itemOf = (itemId: string | null, seen: Map<string, Verdict> | undefined): Verdict => {
    const known = itemId === null ? undefined : seen?.get(itemId)
    const verdict = known ?? soundOf(itemId)
    if (itemId !== null) seen?.set(itemId, verdict)
    return verdict
  }
  const alone = (line: StoredLine, seen: Map<string, Verdict> | undefined): Verdict => {
    if (line.kind === 'relay') return relay(line)
    if (line.kind === 'track' && line.itemId === null) return { state: 'noTake', reason: { code: 'trackToRecord' }, item: null, sound: null, title: line.title, lengthSamples: line.lengthSamples }
    if (line.kind === 'audio' || line.kind === 'track') {
      const verdict = itemOf(line.itemId, seen)
      if (verdict.item === null) return { ...verdict, title: line.title, lengthSamples: line.lengthSamples }
      return line.markers === null || verdict.sound === null ? verdict : { ...verdict, sound: { ...verdict.sound, markers: line.markers } }
    }
    // A person speaks, a key is pressed, a time is kept: nothing comes out of these by themselves.
    return { state: 'ok', reason: null, item: null, sound: null, title: line.title, lengthSamples: line.kind === 'live' ? line.lengthSamples : 0 }
  }

  return {
    async load(itemIds) {
      await Promise.all([...new Set(itemIds)].map(async (itemId) => {
        const item = library.get(itemId)
        if (item === null || item.state !== 'approved' || files.get(itemId)?.sha256 === item.sha256) return
        let isChanged = false
        const pcm = await library.approvedPcmOf(itemId).catch((error: unknown) => {
          isChanged = error instanceof AppError && error.code === 'changed-since-approval'
          logger.warn('a sound file cannot be opened', { itemId, error })
          return null
        })
        files.set(itemId, { sha256: item.sha256, pcm, isChanged })
      }))
    },
    forget(itemId) {
      if (itemId === undefined) files.clear()
      else files.delete(itemId)
    },
    editionItems: (dates) => relays?.editionItems(dates) ?? [],
    judgeItem: soundOf,
    readyItem,
    judge(line, at, seen) {
      const verdict = embargoed(alone(line, seen), at)
      const objection = verdict.state === 'ok' ? objectionTo(line, verdict.item, at) : null
      return withStandIn(line, objection === null ? verdict : withoutSound(verdict, objection), at)
    },
    addJudge(judge) {
      judges.add(judge)
      return () => void judges.delete(judge)
    },
    useRelaySources(sources) {
      relays = sources
    },
    get hasJudges() { return judges.size > 0 },
  }
}
