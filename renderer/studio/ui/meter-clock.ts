/**
 * The one clock of all meters on the screen. While a picture moves it looks in every frame of the screen; when all have stood still for a while it looks
 * at a slower pace, so a silent desk asks the screen for nothing; while nobody sees the window it stands.
 */
const REST_AFTER_MS = 400
/** Slower than a frame and still unseen by an eye: sound that begins is shown one look later. */
const REST_LOOK_MS = 40

/** Looks at the figures, draws when they have moved; true when they have. */
export type MeterLook = () => boolean

const looks = new Set<MeterLook>()
let isSeen = true
let movedAt = 0
let frame = 0
let rest: ReturnType<typeof setTimeout> | null = null

/** Returns how to leave. */
export function lookAtMeter(look: MeterLook): () => void {
  looks.add(look)
  movedAt = performance.now()
  run()
  return () => {
    looks.delete(look)
    if (looks.size === 0) halt()
  }
}

/** Told by the frame, once. */
export function setMetersSeen(seen: boolean): void {
  isSeen = seen
  halt()
  movedAt = performance.now()
  run()
}

function run(): void {
  if (frame !== 0 || rest !== null || !isSeen || looks.size === 0) return
  if (performance.now() - movedAt < REST_AFTER_MS) frame = requestAnimationFrame(step)
  else rest = setTimeout(step, REST_LOOK_MS)
}

function step(): void {
  frame = 0
  rest = null
  let hasMoved = false
  for (const look of looks) hasMoved = look() || hasMoved
  if (hasMoved) movedAt = performance.now()
  run()
}

function halt(): void {
  cancelAnimationFrame(frame)
  if (rest !== null) clearTimeout(rest)
  frame = 0
  rest = null
}
