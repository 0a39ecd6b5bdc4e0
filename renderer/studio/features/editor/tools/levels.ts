import { useCallback, useEffect, useState } from 'react'
import { speechInFiles } from '#common/activity/index.ts'
import type { Activity } from '#common/activity/index.ts'
import { decodePeaks } from '#common/peaks/index.ts'
import type { Peaks } from '#common/peaks/index.ts'
import type { LevelsOf } from '#common/quiet/index.ts'
import { fileUrl } from '../../../app/station-client/index.ts'

/** Stored peaks of the items on some lanes, for tools that look for pauses. They go when the tool closes. */
export interface Levels {
  readonly levelsOf: LevelsOf
  readonly isReady: boolean
}

export function useLevels(itemIds: readonly string[]): Levels {
  const { known, isReady } = useOfItems(itemIds, fetchLevels)
  const levelsOf = useCallback((itemId: string) => known.get(itemId) ?? null, [known])
  return { levelsOf, isReady }
}

/** Where somebody speaks in the items, by the measure the station has when an edit is made; null = not known. */
export interface Speech {
  readonly speechIn: (itemId: string) => readonly Activity[] | null
  readonly isReady: boolean
}
export function useSpeech(itemIds: readonly string[]): Speech {
  const { known, isReady } = useOfItems(itemIds, fetchSpeech)
  const speechIn = useCallback((itemId: string) => known.get(itemId) ?? null, [known])
  return { speechIn, isReady }
}

interface OfItems<T> {
  readonly known: ReadonlyMap<string, T>
  readonly isReady: boolean
}
function useOfItems<T>(itemIds: readonly string[], read: (itemIds: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, T>>): OfItems<T> {
  const [found, setFound] = useState<OfItems<T>>({ known: new Map(), isReady: false })
  const wanted = itemIds.toSorted().join(' ')
  useEffect(() => {
    const stop = new AbortController()
    void read(wanted === '' ? [] : wanted.split(' '), stop.signal).then((known) => {
      if (!stop.signal.aborted) setFound({ known, isReady: true })
    })
    return () => stop.abort()
  }, [wanted, read])
  return found
}

export const fetchLevels = (itemIds: readonly string[], signal?: AbortSignal): Promise<Map<string, Peaks>> => ofEach(itemIds, async (itemId) => decodePeaks(await fetchFile('peaks', itemId, signal)))

const fetchSpeech = (itemIds: readonly string[], signal: AbortSignal): Promise<Map<string, readonly Activity[]>> => ofEach(itemIds, async (itemId) => {
  const body = fetchFile('rms', itemId, signal).catch(() => null)
  return speechInFiles(await fetchFile('peaks', itemId, signal), await body)
})

async function fetchFile(kind: 'peaks' | 'rms', itemId: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const response = await fetch(fileUrl(kind, itemId), signal === undefined ? {} : { signal })
  if (!response.ok) throw new Error('no such file')
  return new Uint8Array(await response.arrayBuffer())
}

async function ofEach<T>(itemIds: readonly string[], read: (itemId: string) => Promise<T | null>): Promise<Map<string, T>> {
  const known = new Map<string, T>()
  await Promise.all([...new Set(itemIds)].map(async (itemId) => {
    // Without peaks the sound counts as loud: nothing of it is proposed.
    const found = await read(itemId).catch(() => null)
    if (found !== null) known.set(itemId, found)
  }))
  return known
}
