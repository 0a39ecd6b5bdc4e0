import { AppError } from '#contract/errors.ts'
import type { RecordedTake } from '#contract/recorder.ts'
import type { Caller, StationContext, Who } from '../context.ts'
import type { RecordedStream, RecorderRoom } from '../faces.ts'
import type { StationInputs } from './inputs/index.ts'
import type { Runs } from './runs.ts'

const IN_LIBRARY_WITHIN_MS = 10 * 60_000

/** Records a stream for another room, like a person would at the recorder. */
export function streamRecorder(ctx: Pick<StationContext, 'events' | 'scope'>, deps: { readonly inputs: StationInputs; readonly runs: Runs }): RecorderRoom['recordStream'] {
  const { inputs, runs } = deps

  /** The take once it is an item, or once the library has refused it. */
  function inLibrary(takeId: string): { readonly taken: Promise<RecordedTake>; forget(): void } {
    let forget = (): void => undefined
    const taken = new Promise<RecordedTake>((resolve, reject) => {
      const end = ctx.events.on('recorder.changed', (take) => {
        if (take.id === takeId && (take.itemId !== null || take.importError !== null)) resolve(take)
      })
      const cancel = ctx.scope.after(IN_LIBRARY_WITHIN_MS, () => reject(new AppError('internal')))
      forget = () => {
        end()
        cancel()
      }
    })
    taken.catch(() => undefined)
    return { taken, forget: () => forget() }
  }

  return async ({ url, title }, who): Promise<RecordedStream> => {
    const one = await inputs.start({ title, channels: 2, input: { kind: 'stream', url } }, asCaller(who))
    const { take } = one.run.part
    return {
      startedAt: take.startedAt,
      async finish() {
        const kept = inLibrary(take.id)
        // Already closed when the source gave up: it is kept as far as it came, and may be in the library by now.
        await runs.close(one, 'saved', 'finished')
        const { itemId, importError, durableFrames, faults } = take.itemId === null ? await kept.taken : take
        kept.forget()
        if (itemId === null) throw new AppError(importError?.code ?? 'internal')
        return { itemId, lengthSamples: durableFrames, faults }
      },
    }
  }
}

function asCaller({ personId, name }: Who): Caller {
  return { personId, name, connectionId: 'station', may: () => true }
}
