import { useEffect, useRef } from 'react'
import { QueryClient, useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { AppError } from '#contract/errors.ts'
import type { EventName, EventPayload, ProcedureInput, ProcedureName, ProcedureOutput } from '#contract/index.ts'
import { call, connection, useStation } from './store.ts'

/** A page that was closed has heard no events: it shows what it last knew and reads again at once. */
export const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false, refetchOnWindowFocus: false, refetchOnMount: 'always' } } })

connection.onRefetch(() => void queryClient.invalidateQueries())

/** Reads by a procedure and reads again when one of `events` arrives (at most every 150 ms). `read`: another way to the same answer. */
export function useStationQuery<N extends ProcedureName>(procedure: N, input: ProcedureInput<N>, options: { events?: readonly EventName[]; enabled?: boolean; refetchMs?: number; read?: () => Promise<ProcedureOutput<N>> } = {}): UseQueryResult<ProcedureOutput<N>, AppError> {
  const signedIn = useStation((state) => state.session !== null)
  const open = useStation((state) => state.phase === 'open')
  const key = [procedure, JSON.stringify(input)]
  const eventNames = (options.events ?? []).join(',')
  const [procedureKey, inputKey] = key
  // The list is compared by content (`eventNames`): callers write it inline.
  const wanted = useRef(options.events ?? [])
  wanted.current = options.events ?? []
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    const refresh = (): void => {
      timer ??= setTimeout(() => {
        timer = null
        void queryClient.invalidateQueries({ queryKey: [procedureKey, inputKey] })
      }, 150)
    }
    const ends = wanted.current.map((name) => connection.on(name, refresh))
    return () => {
      for (const end of ends) end()
      if (timer !== null) clearTimeout(timer)
    }
  }, [procedureKey, inputKey, eventNames])
  return useQuery<ProcedureOutput<N>, AppError>({
    queryKey: key, queryFn: options.read ?? (() => call(procedure, input)), enabled: open && signedIn && options.enabled !== false,
    ...(options.refetchMs === undefined ? {} : { refetchInterval: options.refetchMs }),
  })
}

export function useStationEvent<N extends EventName>(event: N, run: (payload: EventPayload<N>) => void): void {
  const latest = useRef(run)
  latest.current = run
  useEffect(() => connection.on(event, (payload) => latest.current(payload)), [event])
}

export interface MeterReading {
  peakDbfs: number[]
  rmsDbfs: number[]
  holdDbfs: number[]
  at: number
}
/** Meters of a bus (by number, 1 = the main one) for drawing once per animation frame: read the ref, never put it in state. */
export function useMeters(bus = 1): { readonly current: MeterReading } {
  const reading = useRef<MeterReading>({ peakDbfs: [], rmsDbfs: [], holdDbfs: [], at: 0 })
  useEffect(() => connection.listen('meters', (frame) => {
    if (frame.session !== bus) return
    const view = new DataView(frame.payload.buffer, frame.payload.byteOffset, frame.payload.byteLength)
    const next: MeterReading = { peakDbfs: [], rmsDbfs: [], holdDbfs: [], at: performance.now() }
    for (let channel = 0; channel < frame.channels; channel++) {
      next.peakDbfs.push(view.getFloat32(channel * 12, true))
      next.rmsDbfs.push(view.getFloat32(channel * 12 + 4, true))
      next.holdDbfs.push(view.getFloat32(channel * 12 + 8, true))
    }
    reading.current = next
  }), [bus])
  return reading
}
