/** `whole` also when the header is not a single byte range we understand: RFC 9110 lets a server ignore it. `end` is inclusive. */
export type RangeAnswer = { readonly kind: 'whole' } | { readonly kind: 'part'; readonly start: number; readonly end: number } | { readonly kind: 'unsatisfiable' }

const single = /^bytes=(\d*)-(\d*)$/

/** Source: RFC 9110 section 14.1.2. Positions past 2^53 count as past the end. */
export function readRange(header: string | undefined, sizeBytes: number): RangeAnswer {
  const match = header === undefined ? null : single.exec(header.trim().replaceAll(' ', ''))
  if (match === null) return { kind: 'whole' }
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return { kind: 'whole' }
  if (from === '') {
    const suffix = Number(to)
    if (suffix === 0 || sizeBytes === 0) return { kind: 'unsatisfiable' }
    return { kind: 'part', start: Math.max(0, sizeBytes - suffix), end: sizeBytes - 1 }
  }
  const start = Number(from)
  if (to !== '' && Number(to) < start) return { kind: 'whole' }
  if (start >= sizeBytes) return { kind: 'unsatisfiable' }
  return { kind: 'part', start, end: to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1) }
}
