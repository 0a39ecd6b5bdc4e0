export { ProgrammePage } from './programme-page.tsx'
export { useComments } from './comments.ts'
export { ProjectComments } from './project-comments.tsx'
