import { rename, unlink } from 'node:fs/promises'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import { recoveredTitle } from './names.ts'
import { repairTake } from './repair.ts'
import { findTakes, forgetOld, type FoundTake, type Shelf } from './shelf.ts'
import { onlyPart, type TakeSidecar } from './sidecar.ts'

/**
 * Reads the takes folder at start: history goes on the shelf, unfinished takes are repaired. Returns those whose audio has no library item yet.
 * One bad take is told and left alone; nothing here throws.
 */
export async function recoverTakes(ctx: StationContext, shelf: Shelf, isInLibrary: (itemId: string) => boolean): Promise<TakeSidecar[]> {
  const waiting: TakeSidecar[] = []
  let found: FoundTake[] = []
  try {
    found = await findTakes(ctx.folders.takes)
  } catch (error) {
    ctx.logger.error('the takes folder cannot be read', { error })
    ctx.notices.raise('alarm', new AppError('take-damaged', { cause: error }), 'takes')
  }
  for (const one of found) {
    try {
      if (await forgetOld(ctx.folders.takes, one, ctx.clock.now())) continue
      const sidecar = await recoverOne(ctx, shelf, one, isInLibrary)
      if (sidecar !== null) waiting.push(sidecar)
    } catch (error) {
      ctx.logger.error('a take cannot be recovered', { takeId: one.id, error })
      ctx.notices.raise('warning', new AppError('take-damaged', { cause: error }), one.id)
    }
  }
  return waiting
}

async function recoverOne(ctx: StationContext, shelf: Shelf, found: FoundTake, isInLibrary: (itemId: string) => boolean): Promise<TakeSidecar | null> {
  const { sidecar } = found
  const wav = shelf.wavOf(found.id)
  if (!found.hasWav) {
    if (sidecar !== null && sidecar.take.endedAt !== null) await shelf.put(sidecar)
    else await unlink(shelf.sidecarOf(found.id))
    return null
  }
  if (sidecar?.take.state === 'discarded') {
    await shelf.put(sidecar)
    return null
  }
  if (sidecar !== null && sidecar.take.itemId !== null && isInLibrary(sidecar.take.itemId)) {
    // Killed between the library's copy and the removal of ours.
    await unlink(wav)
    await shelf.put(sidecar)
    return null
  }
  const repair = await repairTake(wav, sidecar?.take.channels ?? null)
  if (repair.kind === 'empty') {
    await unlink(wav)
    if (sidecar !== null) await unlink(shelf.sidecarOf(found.id))
    return null
  }
  if (repair.kind === 'unreadable') {
    await rename(wav, `${wav}.damaged`)
    ctx.notices.raise('warning', new AppError('take-damaged'), found.id)
    return null
  }
  const finished = sidecar !== null && sidecar.take.endedAt !== null ? sidecar : unfinished(ctx, found, repair.channels)
  finished.take.durableFrames = repair.frames
  finished.take.itemId = null
  await shelf.put(finished)
  return finished
}

function unfinished(ctx: StationContext, found: FoundTake, channels: number): TakeSidecar {
  const startedAt = found.sidecar?.take.startedAt ?? found.writtenAt
  const said = found.sidecar?.take
  const label = said?.inputLabel ?? ''
  const rateHz = said?.inputRateHz ?? 48_000
  return {
    version: 2,
    take: {
      ...(said ?? onlyPart(found.id, label, rateHz)), id: found.id, title: recoveredTitle(startedAt, ctx.settings.get().zone, said?.title ?? null), state: 'recovered', channels, startedAt, endedAt: Math.max(startedAt, found.writtenAt), durableFrames: 0,
      faults: said?.faults ?? [], marks: said?.marks ?? [], inputLabel: label, inputRateHz: rateHz, inputLost: false, itemId: null, importError: null,
    },
    by: found.sidecar?.by ?? { personId: null, name: '' },
    settings: found.sidecar?.settings ?? {},
    reason: 'station-stopped',
    pickUp: found.sidecar?.pickUp ?? null,
  }
}
