import { useEffect, useState } from 'react'
import { decodePeaks } from '#common/peaks/index.ts'
import type { Peaks } from '#common/peaks/index.ts'
import type { LevelsOf } from '#common/quiet/index.ts'
import { fileUrl } from '../../../app/station-client/index.ts'

/** Stored peaks of the items on some lanes, for tools that look for pauses. They go when the tool closes. */
export interface Levels {
  readonly levelsOf: LevelsOf
  readonly isReady: boolean
}
const nothing: LevelsOf = () => null

export function useLevels(itemIds: readonly string[]): Levels {
  const [levels, setLevels] = useState<Levels>({ levelsOf: nothing, isReady: false })
  const wanted = itemIds.toSorted().join(' ')
  useEffect(() => {
    const stop = new AbortController()
    void fetchLevels(wanted === '' ? [] : wanted.split(' '), stop.signal).then((known) => {
      if (!stop.signal.aborted) setLevels({ levelsOf: (itemId) => known.get(itemId) ?? null, isReady: true })
    })
    return () => stop.abort()
  }, [wanted])
  return levels
}

export async function fetchLevels(itemIds: readonly string[], signal?: AbortSignal): Promise<Map<string, Peaks>> {
  const known = new Map<string, Peaks>()
  await Promise.all([...new Set(itemIds)].map(async (itemId) => {
    try {
      const response = await fetch(fileUrl('peaks', itemId), signal === undefined ? {} : { signal })
      const peaks = response.ok ? decodePeaks(new Uint8Array(await response.arrayBuffer())) : null
      if (peaks !== null) known.set(itemId, peaks)
    } catch {
      // Without peaks the sound counts as loud: nothing of it is proposed.
    }
  }))
  return known
}
