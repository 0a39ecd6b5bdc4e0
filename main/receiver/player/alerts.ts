import type { AlertLetter, Verdict } from '#common/letters/index.ts'
import type { AckTarget } from '../reports.ts'
import { openAlarm, type Alarm } from './alarm.ts'
import type { ClaimChange } from './desk.ts'
import { openProgramme, type Programme } from './programme.ts'
import type { Stage } from './stage.ts'

/** Alerts: siren, speech, repeats, blocks; stop with its closing speech; replacement. */
export interface Alerts {
  accept(letter: AlertLetter, verdict: Pick<Verdict, 'rank' | 'takeover'>, receivedAt: number): void
  service(at: number): void
  end(aid: string): void
  readonly active: boolean
  subjects(): readonly string[]
  issuerOf(aid: string): string | null
}

interface Running {
  letter: AlertLetter
  target: AckTarget
  readonly voice: Alarm
  readonly rank: number
  claimed: boolean
  done: boolean
  interrupted: boolean
  began: boolean
}

export function openAlerts(stage: Stage): Alerts {
  const running = new Map<string, Running>()
  const closings = new Map<string, { readonly voice: Programme; readonly target: AckTarget }>()
  const { acks, timeline } = stage

  const endOf = (letter: AlertLetter): number => timeline.sampleAt(Math.min(letter.exp * 1000 + 999, letter.cap.expires === undefined ? Infinity : Date.parse(letter.cap.expires)))

  function claim(one: Running): void {
    if (one.claimed || one.done || stage.settings().mode !== 'active') return
    one.claimed = true
    stage.desk.add({
      ref: one.letter.aid, kind: 'alert', prio: one.letter.prio, rank: one.rank, iss: one.letter.iss, sent: one.letter.cap.sent, voice: one.voice, blocksPlayed: () => one.voice.blocksPlayed,
      gain: () => stage.gain(one.letter.prio, one.letter.volume)(), tell: (change) => told(one, change),
    })
  }
  function told(one: Running, change: ClaimChange): void {
    const generic = one.voice.generic ? { generic: true } : {}
    switch (change.kind) {
      case 'began':
        acks.step(one.target, one.interrupted ? 'resumed' : 'started')
        one.interrupted = false
        one.began = true
        stage.whenHeard(one.letter.aid, (outDbfs) => acks.step(one.target, 'sounding', 'ok', { lvl: 1, outDbfs, ...generic }))
        return
      case 'preempted':
        one.interrupted = true
        acks.step(one.target, 'preempted', 'ok', { by: change.by.slice(0, 80) })
        return
      case 'waits':
        acks.step(one.target, change.outcome.st === 'rejected' ? 'rejected' : 'accepted', change.outcome.code)
        if (change.outcome.st === 'rejected') drop(one.letter.aid)
        return
      case 'replaced':
        acks.step(one.target, 'done', 'ok', { by: change.by })
        drop(one.letter.aid)
        return
      case 'refused': return
    }
  }
  function drop(aid: string): void {
    const one = running.get(aid)
    if (one === undefined) return
    running.delete(aid)
    if (stage.desk.has(aid)) stage.desk.remove(aid, { fade: true })
    else one.voice.close()
  }
  function close(letter: AlertLetter, rank: number, target: AckTarget): void {
    const sha256 = letter.closing
    if (sha256 === undefined || stage.settings().mode !== 'active') {
      acks.step(target, 'done')
      return
    }
    const origin = stage.now()
    const ref = `${letter.aid}.closing`
    const voice = openProgramme({ parts: [{ sha256, plannedMs: stage.item(sha256)?.durMs ?? 10_000 }], sounds: stage.sounds, origin: () => origin, hardEnd: () => timeline.sampleAt(letter.exp * 1000), lateMaxMs: null, anchored: 'begin', after: 'restart', fetchFrom: `/c/${sha256}` })
    voice.service(origin)
    closings.set(ref, { voice, target })
    stage.desk.add({ ref, kind: 'alert', prio: letter.prio, rank, iss: letter.iss, sent: letter.cap.sent, voice, gain: stage.gain(letter.prio, letter.volume), tell: () => undefined })
  }

  return {
    get active() {
      return running.size > 0 || closings.size > 0
    },
    subjects: () => [...running.keys()],
    issuerOf: (aid) => running.get(aid)?.letter.iss ?? null,
    accept(letter, verdict, receivedAt) {
      const target: AckTarget = { ref: letter.id, subj: letter.aid, receivedAt }
      const known = running.get(letter.aid)
      for (const aid of letter.replaces ?? []) {
        const other = running.get(aid)
        if (other === undefined || !(other.letter.iss === letter.iss || verdict.takeover.some((issuer) => issuer === '*' || issuer === other.letter.iss))) continue
        acks.step(other.target, 'done', 'ok', { by: letter.aid })
        drop(aid)
      }
      if (letter.state === 'stop') {
        acks.step(target, 'accepted')
        drop(letter.aid)
        close(letter, verdict.rank, target)
        return
      }
      acks.step(target, 'accepted', stage.settings().mode === 'active' ? 'ok' : 'muted')
      if (known !== undefined) {
        known.letter = letter
        known.target = target
        known.voice.renew(letter)
        if (known.done && known.voice.over(stage.now())) acks.step(target, 'done')
        else if (known.done) {
          known.done = false
          claim(known)
        }
        return
      }
      const settings = stage.settings()
      const voice = openAlarm({
        letter, emg: stage.emg(), langs: settings.langs, syncIndex: settings.syncIndex, delayMs: settings.delayMs, sounds: stage.sounds, sampleAt: (wallMs) => timeline.sampleAt(wallMs), now: () => stage.now(),
        onGeneric: () => {
          const one = running.get(letter.aid)
          if (one !== undefined && one.began) acks.step(one.target, 'sounding', 'ok', { lvl: 1, outDbfs: stage.outDbfs, generic: true })
        },
      })
      const one: Running = { letter, target, voice, rank: verdict.rank, claimed: false, done: false, interrupted: false, began: false }
      running.set(letter.aid, one)
      claim(one)
    },
    service(at) {
      for (const one of [...running.values()]) {
        claim(one)
        if (at >= endOf(one.letter)) {
          if (!one.done) acks.step(one.target, one.began ? 'done' : 'expired')
          drop(one.letter.aid)
        } else if (one.claimed && one.voice.over(at)) {
          // The lease still runs: renewals find it here and do not start it again.
          acks.step(one.target, 'done')
          one.done = true
          one.claimed = false
          stage.desk.release(one.letter.aid)
        }
      }
      for (const [ref, { voice, target }] of [...closings]) {
        voice.service(at)
        if (at < voice.end() && stage.desk.has(ref)) continue
        closings.delete(ref)
        stage.desk.remove(ref)
        acks.step(target, 'done')
      }
    },
    end(aid) {
      const one = running.get(aid)
      if (one === undefined) return
      acks.step(one.target, 'done')
      drop(aid)
    },
  }
}
