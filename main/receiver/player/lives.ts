import { instantUs, type LiveLetter, type Verdict } from '#common/letters/index.ts'
import { openLiveStream, type LiveStream } from '../link/live-stream.ts'
import type { TlsIdentity } from '../link/tls.ts'
import type { AckTarget } from '../reports.ts'
import { openBroadcast, type Broadcast } from './broadcast.ts'
import type { ClaimChange } from './desk.ts'
import { openProgramme } from './programme.ts'
import type { Stage } from './stage.ts'
import { msOfSamples, samplesOfMs } from './timeline.ts'

/** Live sessions: prepare, start, renew, stop. */
export interface Lives {
  accept(letter: LiveLetter, verdict: Pick<Verdict, 'rank'>, receivedAt: number): void
  service(at: number): void
  retime(): void
  end(sid: string): void
  /** A session is prepared or runs: the amplifier stays on, downloads stand back. */
  readonly active: boolean
  subjects(): readonly string[]
  figures(at: number): { readonly bufMs: number; readonly underruns: number } | null
  issuerOf(sid: string): string | null
}

interface Session {
  letter: LiveLetter
  readonly rank: number
  target: AckTarget
  readonly voice: Broadcast
  stream: LiveStream | null
  ready: boolean
  failed: boolean
  claimed: boolean
  began: boolean
  interrupted: boolean
  underrunTimes: number[]
  url: number
}

const PROFILE_MS = { lan: 120, '4g': 2500, emergency: 200 } as const

export function openLives(stage: Stage, options: { identity: () => TlsIdentity | null }): Lives {
  const sessions = new Map<string, Session>()
  const { acks, timeline } = stage

  const endOf = (letter: LiveLetter): number => {
    const start = letter.startAt === undefined ? null : instantUs(letter.startAt) / 1000
    const lease = letter.exp * 1000 + 999
    return timeline.sampleAt(start === null || letter.maxSec === undefined ? lease : Math.min(lease, start + letter.maxSec * 1000))
  }

  function open(letter: LiveLetter, rank: number, target: AckTarget): Session {
    const delayMs = (): number => stage.settings().delayMs
    const bufferMs = letter.bufferMs ?? PROFILE_MS[letter.profile ?? '4g']
    const fallbackSha = letter.fallback ?? stage.emg().wait
    const fallback = fallbackSha === undefined ? null : openProgramme({ parts: [{ sha256: fallbackSha, plannedMs: stage.item(fallbackSha)?.durMs ?? 0 }], sounds: stage.sounds, origin: () => 0, hardEnd: () => null, lateMaxMs: null, after: 'join', loop: true })
    const voice: Broadcast = openBroadcast({
      bufferSamples: samplesOfMs(bufferMs),
      anchor: () => {
        const { anchor } = session.letter
        return anchor === undefined ? null : { at: timeline.sampleAt(instantUs(anchor.at) / 1000 + delayMs()), sample: anchor.sample }
      },
      startAt: () => (session.letter.startAt === undefined ? 0 : timeline.sampleAt(instantUs(session.letter.startAt) / 1000)),
      hardEnd: () => endOf(session.letter),
      lossHoldSamples: samplesOfMs((letter.lossHoldSec ?? 5) * 1000), onLoss: letter.onLoss ?? 'resume', fallback,
      tell: (event) => {
        if (event.kind === 'underrun') underrun(session)
        else if (event.kind === 'lost') stage.event('live.loss', { ref: letter.sid })
        else stage.event('live.back', { ref: letter.sid, lossMs: Math.round(msOfSamples(event.lossSamples)) })
      },
    })
    const session: Session = { letter, rank, target, voice, stream: null, ready: false, failed: false, claimed: false, began: false, interrupted: false, underrunTimes: [], url: 0 }
    sessions.set(letter.sid, session)
    session.stream = openLiveStream({
      streams: letter.streams ?? [], token: letter.token, identity: options.identity(),
      onHead: (url) => {
        session.url = url
        session.failed = false
        if (session.ready) return
        session.ready = true
        if (session.letter.state === 'prepare') tellReady(session)
      },
      onSamples: (first, samples) => voice.push(first, samples),
      onEnd: () => voice.drain(stage.now(), null),
      onUnreachable: (code) => {
        if (!session.failed) acks.step(session.target, 'failed', code)
        session.failed = true
      },
    })
    return session
  }
  function tellReady(session: Session): void {
    acks.step(session.target, 'ready', 'ok', { ampWarmMs: stage.ampWarmMs, bufMs: Math.round(msOfSamples(session.voice.bufferSamples)), codec: 'opus', url: session.url })
  }
  function underrun(session: Session): void {
    const now = stage.clock.monotonicMs()
    session.underrunTimes = [...session.underrunTimes.filter((at) => now - at < 60_000), now]
    if (session.underrunTimes.length >= 2) {
      session.underrunTimes = []
      session.stream?.lower()
    }
  }

  function claim(session: Session): void {
    if (session.claimed || stage.settings().mode !== 'active') return
    session.claimed = true
    const { letter } = session
    stage.desk.add({
      ref: letter.sid, kind: 'live', prio: letter.prio, rank: session.rank, iss: letter.iss, voice: session.voice, ...(letter.takeover === undefined || letter.takeover.sid === letter.sid ? {} : { takeover: letter.takeover.sid }),
      gain: () => stage.gain(session.letter.prio, session.letter.volume)(),
      tell: (change) => told(session, change),
    })
  }
  function told(session: Session, change: ClaimChange): void {
    const { letter } = session
    switch (change.kind) {
      case 'began':
        acks.step(session.target, session.interrupted ? 'resumed' : 'started')
        session.began = true
        session.interrupted = false
        stage.whenHeard(letter.sid, (outDbfs) => acks.step(session.target, 'sounding', 'ok', { lvl: 1, outDbfs, bufMs: Math.round(msOfSamples(session.voice.buffered(stage.now()))), codec: 'opus', url: session.url }))
        return
      case 'preempted':
        session.interrupted = true
        acks.step(session.target, 'preempted', 'ok', { by: change.by.slice(0, 80) })
        return
      case 'waits':
        if (change.outcome.st === 'rejected') {
          acks.step(session.target, 'rejected', change.outcome.code)
          drop(letter.sid)
        } else acks.step(session.target, 'accepted', change.outcome.code)
        return
      case 'replaced':
        acks.step(session.target, 'done', 'ok', { by: change.by })
        drop(letter.sid)
        return
      case 'refused': drop(letter.sid)
    }
  }
  function drop(sid: string): void {
    const session = sessions.get(sid)
    if (session === undefined) return
    sessions.delete(sid)
    session.stream?.close()
    if (stage.desk.has(sid)) stage.desk.remove(sid, { fade: true })
    else session.voice.close()
  }
  function finish(session: Session): void {
    const { letter } = session
    const closing = letter.closing
    acks.step(session.target, letter.state === 'stop' || session.voice.finished ? 'done' : 'expired')
    const wasSounding = stage.desk.sounding?.ref === letter.sid
    drop(letter.sid)
    if (closing === undefined || !session.began || !wasSounding) return
    const origin = stage.now()
    const voice = openProgramme({ parts: [{ sha256: closing, plannedMs: stage.item(closing)?.durMs ?? 0 }], sounds: stage.sounds, origin: () => origin, hardEnd: () => null, lateMaxMs: null, after: 'skip' })
    stage.desk.add({ ref: `${letter.sid}.closing`, kind: 'live', prio: letter.prio, rank: session.rank, iss: letter.iss, voice, gain: stage.gain(letter.prio, letter.volume), tell: () => undefined })
    closings.set(`${letter.sid}.closing`, voice.end)
  }
  const closings = new Map<string, () => number>()

  return {
    get active() {
      return sessions.size > 0
    },
    subjects: () => [...sessions.keys()],
    issuerOf: (sid) => sessions.get(sid)?.letter.iss ?? null,
    figures(at) {
      const session = [...sessions.values()].find((one) => one.claimed)
      return session === undefined ? null : { bufMs: Math.round(msOfSamples(session.voice.buffered(at))), underruns: session.voice.underruns }
    },
    accept(letter, verdict, receivedAt) {
      const target: AckTarget = { ref: letter.id, subj: letter.sid, receivedAt }
      const known = sessions.get(letter.sid)
      if (letter.state === 'stop') {
        if (known === undefined) {
          acks.step(target, 'done')
          return
        }
        known.target = target
        known.letter = { ...known.letter, id: letter.id, exp: letter.exp, state: 'stop', ...(letter.closing === undefined ? {} : { closing: letter.closing }) }
        acks.step(target, 'accepted')
        if (known.claimed) known.voice.drain(stage.now(), letter.tailMs === undefined ? null : samplesOfMs(letter.tailMs))
        else drop(letter.sid)
        if (!known.claimed) acks.step(target, 'done')
        return
      }
      acks.step(target, 'accepted', stage.settings().mode === 'active' ? 'ok' : 'muted')
      const session = known ?? open(letter, verdict.rank, target)
      // A renewal may leave out what has not changed.
      session.letter = known === undefined ? letter : { ...known.letter, ...letter }
      session.target = target
      if (letter.state === 'prepare') {
        if (known?.ready === true) tellReady(session)
        return
      }
      session.voice.reanchor()
      claim(session)
    },
    service(at) {
      for (const session of [...sessions.values()]) {
        session.voice.service(at)
        const { state } = session.letter
        if (state === 'start' && !session.claimed) claim(session)
        if (session.claimed) session.voice.due(at)
        if (session.voice.finished || at >= endOf(session.letter)) finish(session)
      }
      for (const [ref, end] of [...closings]) {
        if (at < end() && stage.desk.has(ref)) continue
        closings.delete(ref)
        stage.desk.remove(ref)
      }
    },
    retime() {
      for (const session of sessions.values()) session.voice.retime()
    },
    end(sid) {
      const session = sessions.get(sid)
      if (session === undefined) return
      acks.step(session.target, 'done')
      drop(sid)
    },
  }
}
