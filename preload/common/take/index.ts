/** What a window knows about the take it records. Pure: the same steps in a test, in the page and after a reload. */
export type TakePhase = 'idle' | 'armed' | 'recording' | 'paused' | 'closing' | 'saved' | 'recovered'

export interface TakeModel {
  readonly phase: TakePhase
  readonly takeId: string | null
  /** The microphone is away: positions go on, silence is recorded. */
  readonly inputLost: boolean
  /** The station is away: chunks wait in the window. */
  readonly linkLost: boolean
  /** The disk of the station took nothing more: what is spoken waits in the window until there is room. */
  readonly diskFull: boolean
}

export type TakeStep =
  | { readonly kind: 'arm' }
  | { readonly kind: 'disarm' }
  | { readonly kind: 'started'; readonly takeId: string }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'stop' }
  /** The station has closed the file; `recovered` when it did so by itself. */
  | { readonly kind: 'closed'; readonly takeId: string; readonly recovered: boolean }
  /** A new part goes on: the take was split, or cut by a restart of the station. */
  | { readonly kind: 'continued'; readonly takeId: string }
  | { readonly kind: 'input'; readonly lost: boolean }
  | { readonly kind: 'link'; readonly lost: boolean }
  | { readonly kind: 'room'; readonly full: boolean }

export const idleTake: TakeModel = { phase: 'idle', takeId: null, inputLost: false, linkLost: false, diskFull: false }

/** Total: a step that makes no sense in a phase changes nothing and gives the same object back. */
export function stepTake(take: TakeModel, step: TakeStep): TakeModel {
  switch (step.kind) {
    case 'arm': return isOpen(take) || take.phase === 'armed' ? take : { ...idleTake, phase: 'armed', linkLost: take.linkLost }
    case 'disarm': return isOpen(take) ? take : idleTake
    case 'started': return take.phase === 'armed' ? { ...take, phase: 'recording', takeId: step.takeId } : take
    case 'pause': return take.phase === 'recording' ? { ...take, phase: 'paused' } : take
    case 'resume': return take.phase === 'paused' ? { ...take, phase: 'recording' } : take
    case 'stop': return take.phase === 'recording' || take.phase === 'paused' ? { ...take, phase: 'closing' } : take
    case 'closed': return isOpen(take) && take.takeId === step.takeId ? { ...take, phase: step.recovered ? 'recovered' : 'saved', diskFull: false } : take
    case 'continued': return isOpen(take) ? { ...take, takeId: step.takeId } : take
    case 'input': return take.phase === 'idle' || take.inputLost === step.lost ? take : { ...take, inputLost: step.lost }
    case 'link': return take.linkLost === step.lost ? take : { ...take, linkLost: step.lost }
    case 'room': return !isOpen(take) || take.diskFull === step.full ? take : { ...take, diskFull: step.full }
  }
}

/** Sound of it may still be on its way to the disk. */
export function isOpen(take: TakeModel): boolean {
  return take.phase === 'recording' || take.phase === 'paused' || take.phase === 'closing'
}

/** The station has split the run: what is recorded from now on belongs to `take`. */
export function isNextPart(running: { readonly groupId: string; readonly part: number; readonly handle: number }, take: { readonly groupId: string; readonly part: number; readonly handle: number }): boolean {
  return take.groupId === running.groupId && take.part > running.part && take.handle !== 0 && take.handle === running.handle
}
