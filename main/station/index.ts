import { openAccounts } from './accounts/index.ts'
import { openAir, openSafeAir } from './air/index.ts'
import { openLibrary } from './library/index.ts'
import { openMedia } from './media/index.ts'
import { openRecorder } from './recorder/index.ts'
import type { Composition } from './house.ts'
import { runStation } from './process.ts'

/** The station's rooms, joined by hand: what a room needs from another is given to it here and nowhere else. */
function compose(_options: { demo: boolean }): Composition {
  return {
    async open(ctx) {
      // First, before anything slow: it is on air from its own plan file at once.
      const air = openAir(ctx)
      const media = openMedia(ctx)
      const library = await openLibrary(ctx, { media })
      const recorder = await openRecorder(ctx, { library })
      const accounts = openAccounts(ctx, { sealEmergencyKey: () => Promise.reject(new Error('no devices room')) })
      // Takes that a kill left open are whole again before the first window asks for them.
      await recorder.recover()
      return {
        rooms: [accounts, air, library, recorder],
        identities: accounts.identities,
        absent: ['editor', 'log', 'devices', 'live', 'alerts', 'screens'],
        ffmpeg: () => media.ffmpeg().then(({ path, version, source }) => ({ path, version, source }), () => null),
        devicesUrl: () => null,
        brokerUrl: () => null,
      }
    },
    async openSafe(ctx) {
      openSafeAir(ctx)
    },
  }
}

process.exit(await runStation(process.argv.slice(2), compose))
