export { LibraryPage } from './library-page.tsx'
export { libraryActions } from './actions.ts'
export { loadPreviewPeaks } from './load-peaks.ts'
export { ItemPreview } from './item-preview.tsx'
