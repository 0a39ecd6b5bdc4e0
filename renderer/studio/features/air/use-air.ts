import { useEffect, useRef, useState } from 'react'
import type { AirStatus, BusState } from '#contract/air.ts'
import { useStation, useStationEvent, useStationQuery } from '../../app/station-client/index.ts'

/** What the station says of the air; null when nobody knows. Pushed each second and at every change. */
export function useAirStatus(): AirStatus | null {
  const [pushed, setPushed] = useState<AirStatus | null>(null)
  const first = useStationQuery('air.status', {})
  const open = useStation((state) => state.phase === 'open')
  useStationEvent('air.status', setPushed)
  return open ? (pushed ?? first.data ?? null) : null
}

export function busOf(status: AirStatus | null, bus: string): BusState | null {
  return status?.buses.find((one) => one.bus === bus) ?? status?.buses[0] ?? null
}

/** The station's clock in this window, ticking 5 times a second: the window's own clock may be wrong. */
export function useStationNow(status: AirStatus | null): number {
  const ahead = useRef(0)
  const at = status?.at
  useEffect(() => {
    if (at !== undefined) ahead.current = at - Date.now()
  }, [at])
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() + ahead.current), 200)
    return () => clearInterval(timer)
  }, [])
  return now
}
