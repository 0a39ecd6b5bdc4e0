import type { Item } from '#contract/library.ts'
import type { Tone } from '../../ui/index.ts'

export const kinds = ['speech', 'programme', 'music', 'jingle', 'siren', 'message', 'recording'] as const satisfies readonly Item['kind'][]
export const states = ['draft', 'edited', 'submitted', 'approved', 'returned', 'withdrawn'] as const satisfies readonly Item['state'][]
export const origins = ['tu-san-xuat', 'tiep-song-tinh', 'tiep-song-tw', 'trong-nuoc-khac', 'nuoc-ngoai'] as const satisfies readonly Item['origin'][]

export const stateTone: Readonly<Record<Item['state'], Tone>> = { draft: 'idle', edited: 'info', submitted: 'wait', approved: 'ok', returned: 'warn', withdrawn: 'bad' }

export const isKind = (value: string | null): value is Item['kind'] => kinds.some((kind) => kind === value)
export const isState = (value: string | null): value is Item['state'] => states.some((state) => state === value)
export const isOrigin = (value: string | null): value is Item['origin'] => origins.some((origin) => origin === value)
