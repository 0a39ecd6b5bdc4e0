export { EditorPage } from './editor-page.tsx'
export { editorActions } from './actions.ts'
