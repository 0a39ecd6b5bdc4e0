import type { LadderStep } from '#common/fallback/index.ts'

/** What a destination has for the end: the reel, else a tone or nothing. */
export type LastResort = 'reel' | 'tone' | 'silence'
/** `silence` = an open slot is silent and a person should know, `sound` = it is not any more. Samples. */
export type FallbackEvent = LadderStep | { readonly kind: 'silence'; readonly silentFor: number } | { readonly kind: 'sound' }
