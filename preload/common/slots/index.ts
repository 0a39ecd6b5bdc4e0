export * from './content.ts'
export * from './occurrences.ts'
export * from './recurrence.ts'
