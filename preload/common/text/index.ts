export { fold, foldedWords, matchesFolded } from './fold.ts'
export { oneLine, titleOf } from './title.ts'
