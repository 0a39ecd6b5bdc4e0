import { useEffect } from 'react'
import { useStation } from '../station-client/index.ts'
import { useStationStatus } from '../session/station-status.ts'
import { Gate } from '../session/gate.tsx'
import { SafeMode } from '../session/safe-mode.tsx'
import { Desk } from './desk.tsx'
import { Waiting } from '../session/waiting.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { setMetersSeen } from '../../ui/index.ts'
import { listenForKeys } from '../actions/index.ts'

/** Which of four rooms a person is in: no station, damaged database, not signed in, the desk. */
export function App() {
  const phase = useStation((state) => state.phase)
  const session = useStation((state) => state.session)
  const status = useStationStatus()
  useEffect(listenForKeys, [])
  useEffect(() => window.vangxa.onSeen(setMetersSeen), [])
  if (session !== null && status?.mode !== 'safe') return <ErrorBoundary><Desk /></ErrorBoundary>
  if (phase !== 'open' || status === null) return <Waiting phase={phase} />
  if (status.mode === 'safe') return <SafeMode />
  return <Gate />
}
