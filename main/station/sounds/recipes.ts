import { allClear, bed, chime, ident, reel, risingSiren, twoToneSiren } from './pieces.ts'
import type { Stage } from './instruments.ts'

interface Recipe {
  readonly title: string
  readonly kind: 'jingle' | 'siren' | 'music'
  readonly channels: 1 | 2
  readonly make: () => Stage
  /** Sample peak after mastering; chosen so that the whole reads about −18 LUFS (sirens −16). */
  readonly peakDbfs: number
}

/** Everything audible that the house brings along, made by its own arithmetic: no samples, no rights of others. Names of sirens are those of the alert letters. */
const recipes = {
  'nhac-hieu': { title: 'Nhạc hiệu đài', kind: 'jingle', channels: 2, make: ident, peakDbfs: -6.4 },
  'chuong-bao': { title: 'Chuông báo trước thông báo', kind: 'jingle', channels: 1, make: chime, peakDbfs: -4.5 },
  'ket-thuc-canh-bao': { title: 'Chuông kết thúc cảnh báo', kind: 'jingle', channels: 1, make: allClear, peakDbfs: -4.5 },
  'lu-quet': { title: 'Còi lũ quét', kind: 'siren', channels: 1, make: risingSiren, peakDbfs: -8.8 },
  'khac': { title: 'Còi cảnh báo chung', kind: 'siren', channels: 1, make: twoToneSiren, peakDbfs: -10.2 },
  'nhac-nen': { title: 'Nhạc nền đồng quê', kind: 'music', channels: 2, make: () => bed(28, 5), peakDbfs: -3 },
  'du-phong': { title: 'Cuộn dự phòng của trạm', kind: 'music', channels: 2, make: reel, peakDbfs: -3 },
} as const satisfies Record<string, Recipe>

export type SoundName = keyof typeof recipes
export const soundNames = ['nhac-hieu', 'chuong-bao', 'ket-thuc-canh-bao', 'lu-quet', 'khac', 'nhac-nen', 'du-phong'] as const satisfies readonly SoundName[]
/** Sirens as `alerts.fire` names them. */
export const sirenNames = ['lu-quet', 'khac'] as const satisfies readonly SoundName[]

export function soundInfo(name: SoundName): { title: string; kind: Recipe['kind'] } {
  const { title, kind } = recipes[name]
  return { title, kind }
}

/** Samples of a sound, one array a channel, full scale 1. The same on every computer up to the last bit of `Math.sin`. */
export function makeSound(name: SoundName): Float32Array[] {
  const recipe: Recipe = recipes[name]
  const stage = recipe.make()
  const sides = recipe.channels === 2 ? [stage.left, stage.right] : [stage.left.map((value, i) => (value + (stage.right[i] ?? 0)) / 2)]
  let peak = 1e-9
  for (const side of sides) for (const value of side) peak = Math.max(peak, Math.abs(value))
  const gain = 10 ** (recipe.peakDbfs / 20) / peak
  return sides.map((side) => scaled(side, gain))
}

/** A plain loop: `from` takes several seconds for a minute of music. */
function scaled(side: Float64Array, gain: number): Float32Array {
  const out = new Float32Array(side.length)
  for (let i = 0; i < out.length; i++) out[i] = (side[i] ?? 0) * gain
  return out
}
