import { useEffect, useState } from 'react'
import type { StationStatus } from '#contract/station.ts'
import { showTimesIn } from '../../i18n/formats.ts'
import { call, connection, useStation } from '../station-client/index.ts'

/** Status of the station, known before sign-in; null until the first answer. */
export function useStationStatus(): StationStatus | null {
  const phase = useStation((state) => state.phase)
  const [status, setStatus] = useState<StationStatus | null>(null)
  useEffect(() => {
    if (phase !== 'open') return
    let current = true
    const show = (next: StationStatus): void => {
      showTimesIn(next.zone)
      setStatus(next)
    }
    call('station.status', {}).then((next) => current && show(next), () => undefined)
    const end = connection.on('station.status', show)
    return () => {
      current = false
      end()
    }
  }, [phase])
  return status
}
