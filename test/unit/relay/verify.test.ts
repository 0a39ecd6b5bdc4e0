import { describe, expect, it } from 'vitest'
import { verifyRecording } from '#common/relay/index.ts'
import type { RecordingCode } from '#common/relay/index.ts'

const MINUTE = 60_000
/** Ten minutes of a level, the first `silent` (0–1) of them silent. */
function energies(dbfs: number, silent = 0, minutes = 10): Float64Array {
  const count = minutes * 6_000
  return Float64Array.from({ length: count }, (_, n) => (n < count * silent ? 0 : 10 ** (dbfs / 10)))
}
const table: readonly { readonly name: string; readonly lengthMs?: number; readonly lostMs?: number; readonly energies: Float64Array; readonly code: RecordingCode }[] = [
  { name: 'as long as wanted and well', energies: energies(-20), code: 'ok' },
  { name: 'a little shorter than wanted', lengthMs: 9.9 * MINUTE, energies: energies(-20), code: 'ok' },
  { name: 'too short', lengthMs: 9 * MINUTE, energies: energies(-20, 0, 9), code: 'short' },
  { name: 'two seconds the source did not give', lostMs: 2_000, energies: energies(-20), code: 'ok' },
  { name: 'a minute the source did not give', lostMs: MINUTE, energies: energies(-20, 0.1), code: 'sourceLost' },
  { name: 'pauses', energies: energies(-20, 0.25), code: 'ok' },
  { name: 'half of it silent', energies: energies(-20, 0.5), code: 'silent' },
  { name: 'all of it silent', energies: energies(-20, 1), code: 'silent' },
  { name: 'hiss below the threshold', energies: energies(-60), code: 'silent' },
  { name: 'too soft', energies: energies(-40), code: 'lowLevel' },
  { name: 'too loud', energies: energies(-3), code: 'highLevel' },
  { name: 'nothing at all', lengthMs: 0, energies: new Float64Array(0), code: 'short' },
]

describe('a recording of another station', () => {
  it.each(table)('$name: $code', ({ lengthMs = 10 * MINUTE, lostMs = 0, energies: measured, code }) => {
    expect(verifyRecording({ wantedMs: 10 * MINUTE, lengthMs, lostMs, energies: measured }).code).toBe(code)
  })

  it('is told with what was measured', () => {
    const { silentShare, levelDbfs } = verifyRecording({ wantedMs: 10 * MINUTE, lengthMs: 10 * MINUTE, lostMs: 0, energies: energies(-20, 0.25) })
    expect(silentShare).toBeCloseTo(0.25, 6)
    expect(levelDbfs).toBeCloseTo(-20, 6)
  })
})
