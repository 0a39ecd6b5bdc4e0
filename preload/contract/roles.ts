import { z } from 'zod'

/** What a person may do. `administrator` includes all others. A person holds any set of them. */
export const roles = ['viewer', 'recorder', 'editor', 'scheduler', 'approver', 'announcer', 'technician', 'emergency', 'administrator'] as const
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

/**
 * What a procedure asks for: `open` = only a connection that knows the station's token (before sign-in);
 * `viewer` = any signed-in person; the rest = a person holding that role (or administrator).
 */
export const Permission = z.enum(['open', ...roles])
export type Permission = z.infer<typeof Permission>
