import { openAccounts } from './accounts/index.ts'
import { openMedia } from './media/index.ts'
import type { Composition } from './house.ts'
import { runStation } from './process.ts'

/** The station's rooms, joined by hand: what a room needs from another is given to it here and nowhere else. */
function compose(_options: { demo: boolean }): Composition {
  return {
    async open(ctx) {
      const media = openMedia(ctx)
      const accounts = openAccounts(ctx, { sealEmergencyKey: () => Promise.reject(new Error('no devices room')) })
      return {
        rooms: [accounts],
        identities: accounts.identities,
        absent: ['library', 'recorder', 'editor', 'log', 'air', 'devices', 'live', 'alerts', 'screens'],
        ffmpeg: () => media.ffmpeg().then(({ path, version, source }) => ({ path, version, source }), () => null),
        devicesUrl: () => null,
        brokerUrl: () => null,
      }
    },
    openSafe: () => Promise.resolve(),
  }
}

process.exit(await runStation(process.argv.slice(2), compose))
