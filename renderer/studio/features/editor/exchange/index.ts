export { ExportDialog } from './export-dialog.tsx'
export { ImportTimeline } from './import-timeline.tsx'
export { InterchangeMenu } from './interchange-menu.tsx'
