/**
 * Fractional order keys: a line can be put between any two others without touching them. Keys are base-62 digits read as a fraction,
 * compare by bytes (SQLite BINARY), and never end in the lowest digit, so there is always room below a key.
 */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export function isOrderKey(key: string): boolean {
  return /^[0-9A-Za-z]*[1-9A-Za-z]$/.test(key)
}

/**
 * A key strictly between two others.
 * @param before null = no lower bound
 * @param after null = no upper bound
 * @throws RangeError when before ≥ after or a bound is not an order key
 */
export function keyBetween(before: string | null, after: string | null): string {
  if (before !== null && !isOrderKey(before)) throw new RangeError(`not an order key: ${before}`)
  if (after !== null && !isOrderKey(after)) throw new RangeError(`not an order key: ${after}`)
  if (before !== null && after !== null && before >= after) throw new RangeError(`order keys out of order: ${before} ≥ ${after}`)
  return middle(before ?? '', after)
}

/**
 * Keys for many in a row, in order, as short as their number allows.
 * @throws RangeError as `keyBetween`
 */
export function keysBetween(before: string | null, after: string | null, count: number): string[] {
  if (count <= 0) return []
  const half = count >> 1
  const key = keyBetween(before, after)
  return [...keysBetween(before, key, half), key, ...keysBetween(key, after, count - half - 1)]
}

function middle(low: string, high: string | null): string {
  let shared = 0
  if (high !== null) while (shared < high.length && (low[shared] ?? '0') === high[shared]) shared++
  if (shared > 0 && high !== null) return high.slice(0, shared) + middle(low.slice(shared), high.slice(shared))
  const lowDigit = DIGITS.indexOf(low[0] ?? '0')
  const highDigit = high === null || high === '' ? DIGITS.length : DIGITS.indexOf(high[0] ?? '0')
  if (highDigit - lowDigit > 1) {
    // Appending is the common case: step by one instead of halving, so that keys stay short over thousands of appends.
    const digit = high === null ? Math.min(lowDigit + 1, DIGITS.length - 1) : Math.round((lowDigit + highDigit) / 2)
    return DIGITS[digit] ?? ''
  }
  if (high !== null && high.length > 1) return high.slice(0, 1)
  return (DIGITS[lowDigit] ?? '0') + middle(low.slice(1), null)
}
