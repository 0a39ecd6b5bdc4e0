import type { z } from 'zod'
import type { Permission } from './roles.ts'

export interface ProcedureSchema {
  readonly input: z.ZodType
  readonly output: z.ZodType
  readonly role: Permission
}
export interface EventSchema {
  readonly payload: z.ZodType
}
export type ProcedureTable = Readonly<Record<string, ProcedureSchema>>
export type EventTable = Readonly<Record<string, EventSchema>>
