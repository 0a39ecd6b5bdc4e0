import type { z } from 'zod'
import { AppError } from './errors.ts'

export interface Parser {
  safeParse(value: unknown): { success: true; data: unknown } | { success: false; error: z.ZodError }
}

/**
 * Reads a value by a schema of the contract, typed also where the schema is `Procedures[N]['input']` of a generic N.
 * @throws AppError invalid-input with the first field that is wrong
 */
export function parseBy<S extends Parser>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new AppError('invalid-input', { cause: parsed.error, data: { field: issue?.path.map(String).join('.') ?? '', reason: issue?.code ?? '' } })
  }
  // The schema has just vouched for it; TypeScript cannot follow that through the generic index.
  return parsed.data as z.output<S>
}
