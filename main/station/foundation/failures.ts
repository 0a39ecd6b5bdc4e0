import { AppError } from '#contract/errors.ts'

/**
 * The kinds of trouble below us that have a planned reaction, by the code SQLite or the system gives them; anything else is `internal`.
 * An AppError passes unchanged.
 */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return new AppError('disk-full', { cause: error })
  if (typeof code === 'string' && (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')) return new AppError('database-corrupt', { cause: error })
  if (typeof code === 'string' && code.startsWith('SQLITE_BUSY')) return new AppError('busy', { cause: error })
  return new AppError('internal', { cause: error })
}
