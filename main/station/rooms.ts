import { AppError } from '#contract/errors.ts'
import { openAccounts } from './accounts/index.ts'
import { openAir, openSafeAir } from './air/index.ts'
import type { StartedAir } from './air/index.ts'
import { openAlerts } from './alerts/index.ts'
import { openBins } from './bins/index.ts'
import { demoSignInOf, startDemo } from './demo/index.ts'
import { openDevices } from './devices/index.ts'
import { openEditor } from './editor/index.ts'
import { openExchange } from './exchange/index.ts'
import { openLibrary } from './library/index.ts'
import { openLive } from './live/index.ts'
import { devicesWith, openLog } from './log/index.ts'
import { openMedia } from './media/index.ts'
import { openPlanning } from './planning/index.ts'
import { openProgramme } from './programme/index.ts'
import { openRecorder } from './recorder/index.ts'
import { openRelay } from './relay/index.ts'
import { openReports } from './reports/index.ts'
import { openScreens } from './screens/index.ts'
import { openSound } from './sound/index.ts'
import { writeSound } from './sounds/index.ts'
import { openSpeech } from './speech/index.ts'
import type { Composition } from './house.ts'

/** By then a first start is over: its windows are open and its air is on. */
const EMERGENCY_SET_AFTER_MS = 5_000

/** The station's rooms, joined by hand: what a room needs from another is given to it here and nowhere else. The air (`started`) sounds already. */
export function compose(started: StartedAir, options: { demo: boolean }): Composition {
  return {
    async open(ctx) {
      const air = openAir(ctx, { started })
      const media = openMedia(ctx)
      const speech = await openSpeech(ctx, { media })
      const library = await openLibrary(ctx, { media })
      const relay = openRelay(ctx, { air, media })
      const log = await openLog(ctx, { library, air, relays: relay.sources })
      relay.onChange(() => log.judgeAgain())
      const stopping = new AbortController()
      const recorder = await openRecorder(ctx, { library, air, media })
      const devices = await openDevices(ctx, { media, log, emergency: { makeAfterMs: EMERGENCY_SET_AFTER_MS, siren: (name, path) => writeSound(name, path, stopping.signal), speak: text => speech.synthesize({ text, signal: stopping.signal }).then(({ path }) => path) } })
      ctx.scope.add(() => stopping.abort())
      log.addItemUses(devicesWith(log, devices))
      const live = openLive(ctx, { devices, air })
      const alerts = openAlerts(ctx, { devices, library, media })
      const editor = await openEditor(ctx, { library, media })
      const sound = openSound(ctx, { library, media, editor })
      air.stretchWith(sound.stretched)
      const exchange = openExchange(ctx, { editor, library, media })
      const programme = openProgramme(ctx, { library, editor, hasImage: (sha256) => screens.hasImage(sha256) })
      const planning = openPlanning(ctx, { library, air, log, units: devices.units })
      const reports = openReports(ctx, { air, log, planning, units: devices.units })
      const screens = openScreens(ctx, { devices, programme: { log, air, slidesOf: programme.slidesOf } })
      const accounts = openAccounts(ctx, { sealEmergencyKey: devices.sealEmergencyKey, removeEmergencyKey: devices.removeEmergencyKey, demoSignIn: options.demo ? demoSignInOf(ctx) : undefined })
      // Takes that a kill left open are whole again before the first window asks for them.
      await recorder.recover()
      relay.recordWith({
        recorder,
        async measure(itemId, range) {
          const pcm = await library.pcmOf(itemId)
          if (pcm === null) throw new AppError('file-missing')
          return media.measureSound(pcm, { range, signal: stopping.signal })
        },
        approve: (itemId, by) => void library.approve(itemId, { personId: null, name: by }),
      })
      const rooms = [accounts, air, library, log, recorder, editor, openBins(ctx), exchange, devices, live, alerts, screens, programme, sound, planning, reports, relay]
      if (options.demo) await startDemo(ctx, { rooms, library, speech, devicesUrl: () => devices.addresses().devicesUrl })
      return {
        rooms,
        identities: accounts.identities,
        ffmpeg: () => media.ffmpeg().then(({ path, version, source }) => ({ path, version, source }), () => null),
        devicesUrl: () => devices.addresses().devicesUrl,
        brokerUrl: () => devices.addresses().brokerUrl,
      }
    },
    openSafe: () => openSafeAir(started),
  }
}
