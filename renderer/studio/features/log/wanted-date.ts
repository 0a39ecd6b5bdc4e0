import { useEffect } from 'react'
import { isCalendarDate } from '#common/timing/zone.ts'
import { useNavigation } from '../../app/navigation/index.ts'
import { showLog } from './log-store.ts'

/** Another page sent the person here for one day: `go('log', { date })`. Read once; turning the pages afterwards is theirs. */
export function useWantedDate(): void {
  const params = useNavigation((navigation) => navigation.params)
  useEffect(() => {
    const { date } = params
    if (date !== undefined && isCalendarDate(date)) showLog({ date, selectedId: null })
  }, [params])
}
