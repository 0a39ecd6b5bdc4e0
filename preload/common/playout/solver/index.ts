export { solveSegment, playAccepted } from './solve.ts'
export { fillHole } from './fill.ts'
export { fillLineId, noSegment, parseFillLineId } from './segment.ts'
export type { SegmentAnswer, SegmentLine, SegmentProblem } from './segment.ts'
