import type { z } from 'zod'
import { accountsEvents, accountsProcedures } from './accounts.ts'
import { airEvents, airProcedures } from './air.ts'
import { binsEvents, binsProcedures } from './bins.ts'
import { alertsProcedures, devicesEvents, devicesProcedures, liveEvents, liveProcedures } from './devices.ts'
import { editorEvents, editorProcedures } from './editor.ts'
import { exchangeProcedures } from './exchange.ts'
import { libraryEvents, libraryProcedures } from './library.ts'
import { logEvents, logProcedures } from './log.ts'
import { planningEvents, planningProcedures } from './planning.ts'
import { programmeEvents, programmeProcedures } from './programme.ts'
import { relayEvents, relayProcedures } from './relay.ts'
import { recorderEvents, recorderProcedures } from './recorder.ts'
import { reportsProcedures } from './reports.ts'
import { screensEvents, screensProcedures } from './screens.ts'
import { soundProcedures } from './sound.ts'
import { stationEvents, stationProcedures } from './station.ts'

/** Everything that may cross a border. Room by room in its own file; types are inferred, nothing is listed twice. */
export const procedures = {
  ...stationProcedures, ...accountsProcedures, ...libraryProcedures, ...recorderProcedures, ...editorProcedures, ...binsProcedures, ...exchangeProcedures, ...logProcedures, ...airProcedures,
  ...devicesProcedures, ...liveProcedures, ...alertsProcedures, ...screensProcedures, ...soundProcedures, ...programmeProcedures, ...planningProcedures, ...relayProcedures, ...reportsProcedures,
} as const
export const events = {
  ...stationEvents, ...accountsEvents, ...libraryEvents, ...recorderEvents, ...editorEvents, ...binsEvents, ...logEvents, ...airEvents, ...devicesEvents, ...liveEvents, ...screensEvents, ...programmeEvents, ...planningEvents, ...relayEvents,
} as const

export type Procedures = typeof procedures
export type ProcedureName = keyof Procedures
export type ProcedureInput<N extends ProcedureName> = z.input<Procedures[N]['input']>
export type ParsedInput<N extends ProcedureName> = z.output<Procedures[N]['input']>
export type ProcedureOutput<N extends ProcedureName> = z.output<Procedures[N]['output']>
export type Events = typeof events
export type EventName = keyof Events
export type EventPayload<N extends EventName> = z.output<Events[N]['payload']>
