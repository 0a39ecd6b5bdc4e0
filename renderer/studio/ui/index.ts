export { EmptyNote, Kbd, PageHeader, Panel, StateBadge, type Tone } from './parts.tsx'
export { LevelMeter, type Levels } from './level-meter.tsx'
export { UndoLine } from './undo-line.tsx'
