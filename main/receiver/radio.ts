import { mkdirSync, writeFileSync } from 'node:fs'
import { ulid } from 'ulidx'
import { z } from 'zod'
import { encodeUtf8, LetterInbox, newLetterState, type AcceptOptions, type LetterState } from '#common/letters/index.ts'
import { createPrimitives } from '#contract/bs1-primitives.ts'
import { openClock } from './clock.ts'
import { openCore, type RadioCore } from './core.ts'
import { openFlash, type Flash } from './flash.ts'
import { openIdentity } from './identity.ts'
import { openAlsaSink } from './output/alsa.ts'
import type { Sink } from './output/sink.ts'
import { openWavSink } from './output/wav.ts'
import { Membership, pair } from './pairing.ts'
import { openPcmLibrary, type PcmLibrary } from './player/pcm-library.ts'
import type { Timeline } from './player/timeline.ts'
import { openScreenCore, SCREEN_CAPS, SCREEN_HW, type ScreenCore, type ScreenFigures } from './screen/core.ts'

export interface RadioOptions {
  /** `screen` = a screen without a display: pairs, takes letters and reports like one, and makes no sound. */
  readonly kind?: 'radio' | 'screen' | undefined
  /** Folder of this radio: identity, letters, content. */
  readonly dir: string
  /** Where to pair, `https://host:port`. Afterwards the configuration names the servers. */
  readonly station: string
  readonly dev?: string | undefined
  readonly claim?: string | undefined
  /** The label is also written here, for whoever plays the installer. */
  readonly labelFile?: string | undefined
  /** WAV of what sounds. */
  readonly out?: string | undefined
  readonly outGaps?: 'keep' | 'skip' | undefined
  readonly outSeconds?: number | undefined
  /** Sound device of this computer; '' = its default one. */
  readonly soundDevice?: string | undefined
  readonly simulated?: boolean | undefined
  /** Decoded sound shared by the radios of one process; default: a folder of its own. */
  readonly pcm?: PcmLibrary | undefined
  readonly ampWarmMs?: number | undefined
  readonly diskBytes?: number | undefined
  /** Syncs each state file to disk (default). A simulator of hundreds leaves it out. */
  readonly durable?: boolean | undefined
  /** Offset of this radio's clock, for tests. */
  readonly clockOffsetMs?: number | undefined
  readonly noClock?: boolean | undefined
  readonly acceptOptions?: AcceptOptions | undefined
  readonly log?: ((text: string) => void) | undefined
}

export interface Radio {
  readonly id: string
  readonly label: string
  /** The six digits to compare with the station's; waits until pairing has come so far. */
  digits(): Promise<string>
  /** Paired and running. */
  readonly paired: Promise<void>
  figures(): ReturnType<RadioCore['figures']> | null
  /** What stands on it, of a screen. */
  shown(): ScreenFigures | null
  close(): Promise<void>
}

const HW = 'vangxa-radio'
const FW = '0.1.0'
const CAPS = ['file.opus', 'file.mp3', 'file.flac', 'file.wav', 'live.opus', 'schedule', 'sync.wan', 'alert', 'alert.stagger', 'play', 'mute', 'volume.temp', 'test.tone', 'proof.l1']

/** Starts one radio. Comes back as soon as it knows who it is; pairing and playing go on by themselves. */
export async function startRadio(options: RadioOptions): Promise<Radio> {
  const log = options.log ?? (() => undefined)
  mkdirSync(options.dir, { recursive: true, mode: 0o700 })
  const flash = openFlash(`${options.dir}/flash`, { durable: options.durable ?? true })
  const identity = await openIdentity(flash, { dev: options.dev, claim: options.claim })
  if (options.labelFile !== undefined) writeFileSync(options.labelFile, `${identity.label}\n`)
  const primitives = createPrimitives(crypto.subtle)
  const clock = openClock({ source: options.noClock === true ? 'none' : 'system', ...(options.clockOffsetMs === undefined ? {} : { offsetMs: options.clockOffsetMs }) })
  const pcm = options.pcm ?? openPcmLibrary(`${options.dir}/pcm`, { budgetBytes: 2 * 1024 ** 3 })
  const stopped = new AbortController()
  const isScreen = options.kind === 'screen'
  let core: RadioCore | null = null
  let screen: ScreenCore | null = null
  let digits: string | null = null
  const digitWaiters: ((digits: string) => void)[] = []

  async function enrol(): Promise<{ membership: Membership; letters: LetterState }> {
    const membership = await pair({
      identity, station: options.station, hw: isScreen ? SCREEN_HW : HW, fw: FW, caps: isScreen ? SCREEN_CAPS : CAPS, primitives, signal: stopped.signal, onState: log,
      onDigits: (six) => {
        digits = six
        log(`digits ${six}`)
        for (const tell of digitWaiters.splice(0)) tell(six)
      },
    })
    let letters = { ...newLetterState(identity.dev, membership.org, membership.root), clockOk: clock.trusted }
    const inbox = new LetterInbox(letters, { primitives, moment: () => ({ nowMs: clock.now(), monotonicMs: clock.monotonicMs(), bootMs: clock.now() }), store: () => undefined, ...(options.acceptOptions === undefined ? {} : { options: options.acceptOptions }) })
    const keys = await inbox.feed(encodeUtf8(membership.keys))
    if (keys.action !== 'apply') throw new Error(`trust list of the station refused: ${keys.code}`)
    const desired = await inbox.feed(encodeUtf8(membership.desired))
    if (desired.action === 'apply' && desired.letter?.typ === 'desired') flash.write('desired.json', { rev: desired.letter.rev, ep: desired.letter.ep, cfg: desired.letter.cfg })
    else log(`first configuration refused: ${desired.code}`)
    letters = { ...inbox.state, clockOk: clock.trusted }
    flash.write('letters.json', letters)
    flash.write('membership.json', membership)
    log(`paired with ${membership.orgName || membership.org}`)
    return { membership, letters }
  }
  function remembered(): { membership: Membership; letters: LetterState } | null {
    const membership = Membership.safeParse(flash.read('membership.json'))
    const letters = readLetterState(flash)
    return membership.success && letters !== null ? { membership: membership.data, letters } : null
  }

  function boot(known: { membership: Membership; letters: LetterState }): void {
    if (isScreen) {
      screen = openScreenCore({
        folder: options.dir, flash, identity, membership: known.membership, station: options.station, letters: { ...known.letters, clockOk: clock.trusted }, primitives, clock, fw: FW, simulated: options.simulated ?? true,
        diskBytes: options.diskBytes ?? 1024 ** 3, acceptOptions: options.acceptOptions ?? {}, newId: () => ulid(), random: Math.random, log,
      })
      return
    }
    core = openCore({
      folder: options.dir, flash, identity, membership: known.membership, letters: known.letters, primitives, clock, pcm, hw: HW, fw: FW, caps: CAPS, simulated: options.simulated ?? true, ampWarmMs: options.ampWarmMs ?? 200,
      diskBytes: options.diskBytes ?? 8 * 1024 ** 3, acceptOptions: options.acceptOptions ?? {}, openSinks, newId: () => ulid(), random: Math.random, log,
      onReboot: () => void reboot(),
    })
  }
  async function reboot(): Promise<void> {
    const old = core
    core = null
    await old?.close('reboot')
    const known = remembered()
    if (known !== null && !stopped.signal.aborted) boot(known)
  }
  function openSinks(timeline: Timeline): Sink[] {
    const sinks: Sink[] = []
    if (options.out !== undefined) sinks.push(openWavSink({ file: options.out, gaps: options.outGaps ?? 'keep', maxSeconds: options.outSeconds ?? 6 * 3600, wallUs: (sample) => timeline.wallAt(sample) * 1000 }))
    if (options.soundDevice !== undefined) sinks.push(openAlsaSink({ device: options.soundDevice === '' ? null : options.soundDevice, onGone: (reason) => log(`sound device: ${reason}`) }))
    return sinks
  }

  const paired = (async () => {
    const known = remembered() ?? (await enrol())
    if (!stopped.signal.aborted) boot(known)
  })()
  paired.catch((error: unknown) => {
    if (!stopped.signal.aborted) log(`pairing failed: ${error instanceof Error ? error.message : String(error)}`)
  })

  return {
    id: identity.dev,
    label: identity.label,
    paired,
    digits: () => (digits !== null ? Promise.resolve(digits) : new Promise((resolve) => digitWaiters.push(resolve))),
    figures: () => core?.figures() ?? null,
    shown: () => screen?.figures() ?? null,
    async close() {
      stopped.abort()
      await paired.catch(() => undefined)
      await core?.close('shutdown')
      await screen?.close('shutdown')
      if (options.pcm === undefined) await pcm.close()
    },
  }
}

const TrustJwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() })
const SavedState = z.object({
  dev: z.string(), org: z.string(), groups: z.array(z.string()), clockOk: z.boolean(), epochs: z.record(z.string(), z.number()), seen: z.record(z.string(), z.number()), nonce: z.null().catch(null),
  subjects: z.record(z.string(), z.object({ iss: z.string(), ep: z.number(), rev: z.number(), id: z.string(), state: z.string(), prio: z.number(), exp: z.number() })),
  trust: z.looseObject({ rev: z.number(), ep: z.number(), roots: z.array(z.object({ kid: z.string(), jwk: TrustJwk })), keys: z.array(z.unknown()) }),
})

/** The letter state as this device wrote it. Its keys are checked against the schema once more: flash can rot. */
function readLetterState(flash: Flash): LetterState | null {
  const value = flash.read('letters.json')
  return isLetterState(value) ? { ...value, clockOk: false, nonce: null } : null
}
function isLetterState(value: unknown): value is LetterState {
  return SavedState.safeParse(value).success
}
