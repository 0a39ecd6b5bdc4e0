import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ed25519 } from '@noble/curves/ed25519.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { encodeBase64Url, encodeUtf8, newLetterState, writeLetter, type DeviceConfig, type LetterState } from '#common/letters/index.ts'
import { createPrimitives } from '#contract/bs1-primitives.ts'
import type { DeviceClock } from '../../../main/receiver/clock.ts'
import { openFlash } from '../../../main/receiver/flash.ts'
import { openBoard, type Board } from '../../../main/receiver/screen/board.ts'
import { openAcks } from '../../../main/receiver/reports.ts'

const START = Date.parse('2026-11-21T01:00:00Z')
const DEV = 'SCR-DEMO01'
const SID = '01K00000000000000000000005'
const AID = '01K00000000000000000000006'
const picture = 'c'.repeat(64)
const primitives = createPrimitives(crypto.subtle)
const secrets = { station: ed25519.utils.randomSecretKey(), stranger: ed25519.utils.randomSecretKey() }
const jwk = (secret: Uint8Array) => ({ kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(ed25519.getPublicKey(secret)) }) as const

let folder = ''
let nowMs = START
let ids = 0
const Told = z.object({ ref: z.string(), subj: z.string().optional(), st: z.string(), code: z.string() })
let sent: z.infer<typeof Told>[] = []
let events: { kind: string; d: Record<string, unknown> | undefined }[] = []
let here: Set<string>
let failed: Set<string>
let board: Board

const clock: DeviceClock = { now: () => nowMs, monotonicMs: () => nowMs - START, wallOf: (ms) => START + ms, trusted: true, source: 'ntp', set: () => undefined, follow: () => null }
const config: DeviceConfig = { mode: 'active', langs: ['vi-VN'] }
const trust: LetterState = {
  ...newLetterState(DEV, 'org-a', { kid: 'root', jwk: jwk(secrets.station) }), clockOk: true,
  trust: { rev: 1, ep: 1, roots: [{ kid: 'root', jwk: jwk(secrets.station) }], keys: [{ kid: 'day', iss: 'studio/a', jwk: jwk(secrets.station), types: ['screen', 'alert', 'live', 'cmd', 'desired'], maxPrio: 9, scope: ['*'], notAfter: START / 1000 + 86_400 }] },
}
function open(letters: LetterState): Board {
  const acks = openAcks({
    clock,
    publish: (_report, body) => {
      sent.push(Told.parse(body))
      return Promise.resolve(true)
    },
  })
  return openBoard({
    dev: DEV, stationName: 'Đài xã', letters, primitives, acceptOptions: {}, clock, flash: openFlash(folder, { durable: false }), acks, event: (kind, d) => events.push({ kind, d }),
    pictures: { has: (one) => here.has(one), settled: (one) => here.has(one) || failed.has(one), want: () => undefined }, config: () => config, manifest: () => null, onDesired: () => undefined, onCommand: () => undefined, onChange: () => undefined,
  })
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vangxa-board-'))
  nowMs = START
  sent = []
  events = []
  here = new Set()
  failed = new Set()
  board = open(trust)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A letter of the station (or of a stranger with the same key name), delivered; returns its id. */
async function deliver(claims: object, secret = secrets.station): Promise<string> {
  const id = `01K0000000000000000001${String(++ids).padStart(4, '0')}`
  const iat = Math.floor(nowMs / 1000)
  const envelope = { v: 1, id, org: 'org-a', iss: 'studio/a', aud: [`d/${DEV}`], iat, exp: iat + 60, ep: 1, rev: ids, prio: 4 }
  const body = await writeLetter({ ...envelope, ...claims }, 'day', (bytes) => Promise.resolve(ed25519.sign(bytes, secret)))
  await board.receive(encodeUtf8(body))
  return id
}
const notice = (change: object = {}): object => ({ typ: 'screen', sid: SID, state: 'start', title: 'Họp thôn', layer: 'full', panel: { template: 'notice', title: [{ lang: 'vi-VN', text: 'Họp thôn' }], items: [{ item: picture }] }, ...change })
const stepsOf = (id: string): string[] => sent.filter((ack) => ack.ref === id).map((ack) => (ack.code === 'ok' ? ack.st : `${ack.st} ${ack.code}`))
const after = (ms: number): void => {
  nowMs += ms
  board.look()
}

describe('the steps a simulated screen tells', () => {
  test('a notice is accepted at once and started only when its picture is here', async () => {
    const id = await deliver(notice())
    after(1000)
    expect(stepsOf(id)).toEqual(['accepted'])
    expect(board.view.layer).toBe('default')
    here.add(picture)
    after(500)
    expect(stepsOf(id)).toEqual(['accepted', 'started'])
    expect(board.view).toMatchObject({ layer: 'full', base: { kind: 'notice', ref: SID, picture: { sha256: picture } } })
  })

  test('a picture that cannot be had does not hold back the words', async () => {
    const id = await deliver(notice())
    failed.add(picture)
    after(500)
    expect(stepsOf(id)).toEqual(['accepted', 'started'])
    expect(board.view).toMatchObject({ base: { kind: 'notice', picture: null, words: { title: 'Họp thôn' } } })
  })

  test('a letter of somebody else is refused, shows nothing, and stays refused when it comes again', async () => {
    here.add(picture)
    await deliver(notice(), secrets.stranger)
    await deliver(notice(), secrets.stranger)
    after(500)
    expect(board.view.layer).toBe('default')
    expect(board.counters.rej).toBe(2)
    expect(sent.some((ack) => ack.st !== 'rejected')).toBe(false)
    expect(events).toEqual([{ kind: 'sec.reject', d: { code: 'bad_sig', count: 1 } }])
  })

  test('a genuine letter beyond the rights of its key is refused by name, and again when it is repeated', async () => {
    here.add(picture)
    const foreign = notice({ id: '01K00000000000000000029999', iss: 'studio/b' })
    await deliver(foreign)
    await deliver(foreign)
    after(500)
    expect(stepsOf('01K00000000000000000029999')).toEqual(['rejected key_scope', 'rejected key_scope'])
    expect(board.view.layer).toBe('default')
  })

  test('a stop takes the notice off, with the time it stood there as proof of play', async () => {
    here.add(picture)
    await deliver(notice())
    after(7000)
    const stop = await deliver(notice({ state: 'stop', panel: undefined, layer: undefined, title: undefined }))
    expect(stepsOf(stop)).toEqual(['done'])
    expect(board.view.layer).toBe('default')
    expect(events).toEqual([{ kind: 'play.end', d: { ref: SID, shown: 1, from: new Date(START).toISOString(), to: new Date(START + 7000).toISOString() } }])
  })

  test('the end of the lease ends a notice the station did not renew', async () => {
    here.add(picture)
    const id = await deliver(notice())
    after(50_000)
    expect(board.view.layer).toBe('full')
    after(12_000)
    expect(board.view.layer).toBe('default')
    expect(stepsOf(id)).toEqual(['accepted', 'started', 'done'])
    expect(events.map((event) => event.kind)).toEqual(['play.end'])
  })

  test('a renewal is told as shown without a second beginning', async () => {
    here.add(picture)
    await deliver(notice())
    after(30_000)
    const renewed = await deliver(notice())
    after(40_000)
    expect(stepsOf(renewed)).toEqual(['accepted', 'started'])
    expect(events).toEqual([])
    expect(board.view.layer).toBe('full')
  })

  test('an alert takes the screen from a notice and gives it back', async () => {
    here.add(picture)
    await deliver(notice())
    const alert = { typ: 'alert', aid: AID, prio: 9, hazard: 'xa-lu', risk: 4, siren: 'lu-quet', cap: { identifier: 'x', sender: 'x', sent: new Date(nowMs).toISOString(), status: 'Actual', msgType: 'Alert', scope: 'Public', headline: 'Xả lũ' } }
    const begun = await deliver({ ...alert, state: 'start' })
    expect(stepsOf(begun)).toEqual(['accepted', 'started'])
    expect(board.view).toMatchObject({ layer: 'alert', base: { words: { title: 'Xả lũ' } } })
    const stopped = await deliver({ ...alert, state: 'stop' })
    expect(stepsOf(stopped)).toEqual(['done'])
    expect(board.view).toMatchObject({ layer: 'full', base: { ref: SID } })
  })

  test('after a power cut it shows again what its lease still allows', async () => {
    here.add(picture)
    await deliver(notice())
    const { letters } = board
    nowMs += 5000
    board = open(letters)
    board.look()
    expect(board.view).toMatchObject({ layer: 'full', base: { ref: SID } })
    nowMs += 60_000
    expect(open(letters).view.layer).toBe('default')
  })
})
