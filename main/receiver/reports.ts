import type { AckCode, AckEvidence, AckStep, Ack, DeviceEvent } from '#common/letters/index.ts'
import type { DeviceClock } from './clock.ts'
import type { Flash } from './flash.ts'

export type PublishReport = (report: 'ack' | 'evt' | 'reported' | 'tele', body: object) => Promise<boolean>

const iso = (ms: number): string => new Date(ms).toISOString()

export interface AckTarget {
  /** Letter the step answers. */
  readonly ref: string
  readonly subj?: string | undefined
  readonly receivedAt: number
}

/** Acks: one current step per letter, told as it happens, repeated on request. Not stored: after a reconnect the current step says it all. */
export interface Acks {
  step(target: AckTarget, st: AckStep, code?: AckCode, ev?: AckEvidence): void
  /** Sends the step reached for a letter again. */
  repeat(ref: string, subj?: string): void
  /** Current step of every subject that still runs. */
  repeatAll(subjects: readonly string[]): void
}

const ACKS_KEPT = 500

export function openAcks(options: { clock: DeviceClock; publish: PublishReport }): Acks {
  const last = new Map<string, Ack>()
  const bySubject = new Map<string, string>()
  const remember = (ack: Ack): void => {
    last.delete(ack.ref)
    last.set(ack.ref, ack)
    if (ack.subj !== undefined) bySubject.set(ack.subj, ack.ref)
    for (const ref of last.keys()) {
      if (last.size <= ACKS_KEPT) break
      last.delete(ref)
    }
    if (bySubject.size > ACKS_KEPT) bySubject.clear()
  }
  const send = (ack: Ack): void => void options.publish('ack', ack)
  return {
    step(target, st, code = 'ok', ev) {
      const { clock } = options
      const ack: Ack = {
        v: 1, ref: target.ref, ...(target.subj === undefined ? {} : { subj: target.subj }), st, code, at: iso(clock.now()), clk: clock.source,
        latMs: Math.max(0, Math.round(clock.monotonicMs() - target.receivedAt)), ...(ev === undefined ? {} : { ev }),
      }
      remember(ack)
      send(ack)
    },
    repeat(ref, subj) {
      const known = last.get(ref)
      send({ ...(known ?? { v: 1, ref, ...(subj === undefined ? {} : { subj }), st: 'accepted', code: 'ok' }), at: iso(options.clock.now()), rep: true })
    },
    repeatAll(subjects) {
      for (const subject of subjects) {
        const ref = bySubject.get(subject)
        const known = ref === undefined ? undefined : last.get(ref)
        if (known !== undefined) send({ ...known, at: iso(options.clock.now()), rep: true })
      }
    },
  }
}

/** Events: never lost while the flash has room. What could not be told at once goes out later, at most five a second, marked `late`. */
export interface Events {
  add(kind: string, d?: Record<string, unknown>): void
  /** The link is up: send what waits. */
  flush(): void
  readonly waiting: number
  close(): void
}

const OUTBOX = 'evt.json'
const OUTBOX_MAX = 2000
const LATE_INTERVAL_MS = 200

export function openEvents(options: { clock: DeviceClock; flash: Flash; publish: PublishReport; newId: () => string }): Events {
  const { flash, clock, publish } = options
  const outbox: DeviceEvent[] = readOutbox(flash.read(OUTBOX))
  let lost = 0
  let running = false
  let saveTimer: NodeJS.Timeout | null = null
  let closed = false
  const save = (): void => {
    // Several events of one moment share one write.
    saveTimer ??= setTimeout(() => {
      saveTimer = null
      flash.write(OUTBOX, outbox)
    }, 50)
  }
  async function send(): Promise<void> {
    if (running) return
    running = true
    try {
      for (let first = outbox[0]; first !== undefined && !closed; first = outbox[0]) {
        const late = clock.now() - Date.parse(first.at) > 5000
        if (!(await publish('evt', late ? { ...first, late: true } : first))) return
        outbox.shift()
        save()
        if (late) await new Promise((resolve) => setTimeout(resolve, LATE_INTERVAL_MS))
      }
    } finally {
      running = false
    }
  }
  return {
    get waiting() {
      return outbox.length
    },
    add(kind, d) {
      if (outbox.length >= OUTBOX_MAX) {
        outbox.shift()
        lost++
      }
      outbox.push({ v: 1, id: options.newId(), at: iso(clock.now()), kind, ...(d === undefined ? {} : { d }) })
      if (lost > 0 && outbox.length < OUTBOX_MAX) {
        outbox.push({ v: 1, id: options.newId(), at: iso(clock.now()), kind: 'log.lost', d: { count: lost } })
        lost = 0
      }
      save()
      void send()
    },
    flush: () => void send(),
    close() {
      closed = true
      if (saveTimer !== null) {
        clearTimeout(saveTimer)
        flash.write(OUTBOX, outbox)
      }
    },
  }
}

function readOutbox(value: unknown): DeviceEvent[] {
  return Array.isArray(value) ? value.filter((one: unknown): one is DeviceEvent => typeof one === 'object' && one !== null && 'id' in one && 'kind' in one && 'at' in one) : []
}
