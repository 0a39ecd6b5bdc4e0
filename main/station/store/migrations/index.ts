import { foundation } from './0010-foundation.ts'
import { library } from './0020-library.ts'
import { logAir } from './0050-log-air.ts'
import { devices } from './0060-devices.ts'
import { liveAlerts } from './0070-live-alerts.ts'
import { screens } from './0080-screens.ts'
import { libraryBatches } from './0091-library-batches.ts'
import { sound } from './0092-sound.ts'
import { programme } from './0094-programme.ts'
import { clipBins } from './0096-clip-bins.ts'
import { libraryPlaces } from './0097-library-places.ts'
import { airRows } from './0110-air-rows.ts'
import { logFields } from './0112-log-fields.ts'
import { planning } from './0114-planning.ts'
import { logRelays } from './0116-log-relays.ts'
import { approval } from './0118-approval.ts'
import { relaySources } from './0120-relay-sources.ts'
import { relaySchedules } from './0122-relay-schedules.ts'
import type { Migration } from '../migrate.ts'

/** Every change of the database, by number. A line is added, never edited or removed; a room adds its own line here. */
export const migrations: readonly Migration[] = [
  foundation,
  library,
  logAir,
  devices,
  liveAlerts,
  screens,
  libraryBatches,
  sound,
  programme,
  clipBins,
  libraryPlaces,
  airRows,
  logFields,
  planning,
  logRelays,
  approval,
  relaySources,
  relaySchedules,
]
