/** `datetime-local` text of an instant on this computer's clock face, and back; null for half-typed text. */
export function localTextOf(at: number): string {
  const date = new Date(at)
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
export function instantOf(text: string): number | null {
  const at = new Date(text).getTime()
  return Number.isFinite(at) ? at : null
}
