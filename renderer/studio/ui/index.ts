export { EmptyNote, Kbd, PageHeader, Panel, StateBadge, type Tone } from './parts.tsx'
export { LevelMeter, type Levels } from './level-meter.tsx'
export { drawScale, MeterCanvas, SCALE_PX, type MeterPen } from './meter-canvas.tsx'
export { UndoLine } from './undo-line.tsx'
