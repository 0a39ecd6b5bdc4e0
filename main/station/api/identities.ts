import type { Permission } from '#contract/roles.ts'

/** A person signed in on a connection. */
export interface Identity {
  readonly personId: string
  readonly name: string
  may(permission: Permission): boolean
}

/** What the listener asks the accounts room. In safe mode nobody can be known. */
export interface Identities {
  /** Puts a session on a connection; false when it is unknown or over. */
  attach(connectionId: string, sessionToken: string): boolean
  /** Who is signed in on this connection now. `use` = a person's own act: it makes the session last. */
  on(connectionId: string, use: boolean): Identity | null
  /** The connection is gone. */
  release(connectionId: string): void
  /** Whether a files ticket belongs to a living session. */
  ticket(filesTicket: string): boolean
}

export const nobody: Identities = { attach: () => false, on: () => null, release: () => undefined, ticket: () => false }
