export { endedJob, finishedJob } from './finished-job.ts'
export { call, connection, enter, fileUrl, may, signOut, startStationClient, useMay, useStation } from './store.ts'
export { queryClient, useMeters, useStationEvent, useStationQuery, type MeterReading } from './hooks.ts'
export type { ConnectionPhase } from './connection.ts'
