import './screen.css'
import { createPrimitives } from '#contract/bs1-primitives.ts'
import type { DeviceConfig, LetterState, Primitives } from '#common/letters/index.ts'
import { openDevice, type Remembered, type ScreenDevice } from './device/device.ts'
import { openIdentity } from './device/identity.ts'
import { Membership, pair } from './device/pairing.ts'
import { openStore, type Store } from './device/store.ts'
import { viewAt, type View } from '#common/screen/view.ts'
import { keepShell } from './shell-cache.ts'
import { openPainter } from './view/paint.ts'
import { openPairingView } from './view/pairing-view.ts'
import { words } from './view/words.ts'

const PAINT_MS = 250
const DEFAULT_ZONE = 'Asia/Ho_Chi_Minh'

const root = document.getElementById('screen')
if (root === null) throw new Error('index.html has no #screen')
keepShell()
const primitives = createPrimitives(crypto.subtle)
const store = await openStore()
const identity = await openIdentity(store)
let remembered = await recall(store, primitives)
if (remembered === null) {
  const paired = await pair(identity, primitives, openPairingView(root, words, identity))
  await store.set('config', paired.config)
  await store.set('letters', paired.letters)
  await store.set('membership', paired.membership)
  remembered = paired
}
show(await openDevice({ dev: identity.dev, store, primitives, remembered }), root)

/** Paints four times a second from what the device knows. A view that fails is left out for its reference; the last good one stays, then the card. */
function show(device: ScreenDevice, place: HTMLElement): void {
  delete place.dataset['pairing']
  const painter = openPainter({ root: place, words, pictureUrl: (sha256) => device.pictures.urlOf(sha256), onBadPicture: (sha256) => device.pictures.bad(sha256) })
  const failed = new Set<string>()
  const look = (): void => {
    const known = device.knowledge()
    const now = device.now()
    const usable = { ...known, alerts: known.alerts.filter((one) => !failed.has(one.aid)), notices: known.notices.filter(({ letter }) => !failed.has(letter.sid)) }
    const facts = { stationName: known.stationName, now, zone: known.manifest?.tz ?? DEFAULT_ZONE, connected: device.connected }
    let view: View | null = null
    try {
      view = viewAt(usable, now, (sha256) => device.pictures.has(sha256))
      painter.paint(view, facts)
      device.shown(view)
    } catch (error) {
      const ref = view === null || view.base.kind === 'card' ? '' : view.base.ref
      if (ref !== '') failed.add(ref)
      device.fail(ref, error instanceof Error ? error.message : String(error))
    }
  }
  look()
  setInterval(look, PAINT_MS)
}

async function recall(from: Store, check: Primitives): Promise<Remembered | null> {
  const membership = Membership.safeParse(await from.get('membership'))
  const letters = await from.get('letters')
  const config = await from.get('config')
  return membership.success && isLetterState(letters) && isConfig(config, check) ? { membership: membership.data, letters, config } : null
}
/** As this page wrote it; a browser profile is all or nothing, so its members are not taken apart again. */
function isLetterState(value: unknown): value is LetterState {
  return typeof value === 'object' && value !== null && 'trust' in value && 'subjects' in value && 'epochs' in value && 'groups' in value
}
function isConfig(value: unknown, check: Primitives): value is { rev: number; ep: number; cfg: DeviceConfig } {
  return typeof value === 'object' && value !== null && 'rev' in value && 'ep' in value && 'cfg' in value && check.validate('cfg', value.cfg)
}
