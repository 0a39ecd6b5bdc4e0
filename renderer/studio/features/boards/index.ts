export { BoardsPage } from './boards-page.tsx'
