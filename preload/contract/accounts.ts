import { z } from 'zod'
import { Role } from './roles.ts'
import { Done, Id, InstantMs, Nothing, Rev } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

export const Person = z.object({ id: Id, userName: z.string(), fullName: z.string(), roles: z.array(Role), active: z.boolean(), hasPin: z.boolean(), rev: Rev })
export type Person = z.infer<typeof Person>

export const UserName = z.string().trim().toLowerCase().regex(/^[a-z0-9][a-z0-9._-]{1,31}$/)
export const Password = z.string().min(8).max(200)
/** Emergency PIN: six to twelve digits. */
export const Pin = z.string().regex(/^\d{6,12}$/)

/** `filesTicket` opens `/files/<ticket>/…` until the session ends; it rides in the path because media elements cannot send headers. */
export const Session = z.object({ sessionToken: z.string(), filesTicket: z.string(), person: Person, expiresAt: InstantMs })
export type Session = z.infer<typeof Session>

export const accountsProcedures = {
  /** `demoSignIn` only on a station that was started as a demo: its window signs in by itself. */
  'accounts.status': { input: Nothing, output: z.object({ needsAdministrator: z.boolean(), stationName: z.string(), demoSignIn: z.object({ userName: z.string(), password: z.string() }).nullable() }), role: 'open' },
  'accounts.createAdministrator': { input: z.object({ stationName: z.string().trim().min(1).max(120), fullName: z.string().trim().min(1).max(120), userName: UserName, password: Password }), output: Session, role: 'open' },
  'accounts.signIn': { input: z.object({ userName: z.string().max(64), password: z.string().max(200) }), output: Session, role: 'open' },
  'accounts.resume': { input: z.object({ sessionToken: z.string().max(200) }), output: Session, role: 'open' },
  'accounts.signOut': { input: Nothing, output: Done, role: 'viewer' },
  'accounts.list': { input: Nothing, output: z.object({ people: z.array(Person) }), role: 'administrator' },
  'accounts.create': { input: z.object({ fullName: z.string().trim().min(1).max(120), userName: UserName, password: Password, roles: z.array(Role).min(1) }), output: Person, role: 'administrator' },
  'accounts.update': { input: z.object({ personId: Id, rev: Rev, fullName: z.string().trim().min(1).max(120), roles: z.array(Role).min(1), active: z.boolean() }), output: Person, role: 'administrator' },
  'accounts.changePassword': { input: z.object({ oldPassword: z.string().max(200), newPassword: Password }), output: Done, role: 'viewer' },
  /** Own emergency PIN; asks for the password again. Seals the emergency signing key for this person. */
  'accounts.setPin': { input: z.object({ password: z.string().max(200), pin: Pin }), output: Done, role: 'emergency' },
} as const satisfies ProcedureTable

export const accountsEvents = { 'accounts.changed': { payload: z.object({ personId: Id }) } } as const satisfies EventTable
