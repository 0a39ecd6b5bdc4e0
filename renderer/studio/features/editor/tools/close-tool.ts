import { showEditor } from '../editor-store.ts'

export const closeTool = (): void => showEditor({ dialog: 'none', proposed: [], landings: [], preview: null })
