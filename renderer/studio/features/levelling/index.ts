/** Measuring and levelling as other pages show it: the job, its progress, its rows, and the dialog for items of the library. */
export { LevelItems } from './level-items.tsx'
export { LevelRows } from './level-rows.tsx'
export { levelText } from './level-text.ts'
export { ProgressLine } from './progress-line.tsx'
export type { Work } from './progress-line.tsx'
export { followSound } from './run-job.ts'
