import type { ContentKind } from '#common/playout/index.ts'
import type { Item } from './library.ts'

/** The item's kind as the sequencer reads it: what may ride on an intro, what the solver may touch. */
export const contentKinds: Readonly<Record<Item['kind'], ContentKind>> = { speech: 'voice', programme: 'programme', music: 'music', jingle: 'ident', siren: 'ident', message: 'voice', recording: 'programme' }
