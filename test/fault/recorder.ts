import { parseArgs } from 'node:util'
import { crashOnce } from '../support/recorder/crash-run.ts'

/** Kills a recording station at random moments. `--runs N` (200), `--seed S` repeats a series. One JSON line per run, one at the end; exit code 1 when a promise was broken. */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '200' }, seed: { type: 'string', default: String(Date.now() % 1_000_000_000) } }, allowPositionals: true })
const runs = Number(values.runs)
const seed = Number(values.seed)
console.log(JSON.stringify({ fault: 'recorder', seed, runs }))

let state = seed >>> 0
/** mulberry32: small, seeded, good enough to pick moments. */
function random(): number {
  state = (state + 0x6d2b79f5) >>> 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
}

let broken = 0
let worstLostMs = 0
for (let run = 0; run < runs; run++) {
  const killAfterMs = Math.round(200 + random() * 5_800)
  const result = await crashOnce(killAfterMs)
  const good = result.lostMs <= 1_000 && result.firstWrongFrame === -1 && result.headerTrue && result.keptFrames >= result.acknowledgedFrames
  if (!good) broken++
  worstLostMs = Math.max(worstLostMs, result.lostMs)
  console.log(JSON.stringify({ fault: 'recorder', run, killAfterMs, good, ...result, lostMs: Math.round(result.lostMs) }))
}
console.log(JSON.stringify({ fault: 'recorder', seed, runs, broken, worstLostMs: Math.round(worstLostMs) }))
process.exitCode = broken === 0 ? 0 : 1
