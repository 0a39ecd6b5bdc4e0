export { RecorderPage } from './recorder-page.tsx'
export { recorderActions } from './actions.ts'
export { useRecorderStore, type RecorderState } from './recorder-store.ts'
export { RecordingBadge } from './recording-badge.tsx'
