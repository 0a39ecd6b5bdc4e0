import { openMedia } from '../../main/station/media/index.ts'
import { createScope } from '../../main/station/foundation/scope.ts'
import type { Settings } from '#contract/station.ts'
import type { MediaRoom } from '../../main/station/faces.ts'

const settings: Settings = { stationName: 'Thử', zone: 'Asia/Ho_Chi_Minh', targetLufs: -16, ceilingDbtp: -1, watchFolder: null, ffmpegPath: null, broker: { kind: 'embedded' }, bindAddress: '127.0.0.1', publicHost: null, air: { buses: [{ id: 'main', name: 'Chính', unitIds: [] }], resume: 'catchUp', timeServers: [] } }

/** The real media room with the ffmpeg of this computer, without a station around it. */
export function openTestMedia(change: Partial<Settings> = {}): { media: MediaRoom; dispose: () => Promise<void> } {
  const scope = createScope('media-test', (_, error) => {
    throw error
  })
  const current = { ...settings, ...change }
  return { media: openMedia({ scope, settings: { get: () => current, update: () => current } }), dispose: () => scope.dispose() }
}
