import type { Person, Session } from '#contract/accounts.ts'
import { AppError } from '#contract/errors.ts'
import type { Permission, Role } from '#contract/roles.ts'
import type { Identities, Identity } from '../api/identities.ts'
import type { Caller, Room, StationContext, Who } from '../context.ts'
import { hashPassword, isPassword } from './passwords.ts'
import type { PasswordCost } from './passwords.ts'
import { openPeople, personOf } from './people.ts'
import type { StoredPerson } from './people.ts'
import { openSessions } from './sessions.ts'
import { createThrottle } from './throttle.ts'

export interface AccountsDeps {
  /** Seals the emergency signing key behind the PIN (devices room). */
  sealEmergencyKey(personId: string, pin: string): Promise<void>
  /** Takes the person's emergency key off the trust list of every device. */
  removeEmergencyKey(personId: string): Promise<void>
  /** Of a demo station: told to any window, so only invented data may stand behind it. */
  readonly demoSignIn?: { readonly userName: string; readonly password: string } | undefined
  /** What a guess costs; for people made by hundreds. Without it what a station asks for. */
  readonly passwordCost?: PasswordCost
}
export interface AccountsRoom extends Room {
  readonly identities: Identities
  /** Without a password check: for the demo and first-run scripts. The same rules and audit as in the window. */
  addPerson(who: Who, person: { userName: string; fullName: string; password: string; roles: readonly Role[] }): Promise<Person>
  person(personId: string): Person | null
}

function may(roles: readonly Role[], permission: Permission): boolean {
  return permission === 'open' || permission === 'viewer' || roles.includes(permission) || roles.includes('administrator')
}

const trivial = /^(.)\1*$|^(0123456789|123456789|12345678|password|matkhau)/i
/** @throws AppError weak-password */
function checkStrength(password: string, userName: string): void {
  if (trivial.test(password) || password.toLowerCase().includes(userName)) throw new AppError('weak-password')
}
/** Six equal or counting digits are the first anyone tries at the emergency button. @throws AppError weak-password */
function checkPin(pin: string): void {
  if (/^(\d)\1*$/.test(pin) || '01234567890123'.includes(pin) || '98765432109876'.includes(pin)) throw new AppError('weak-password')
}

export function openAccounts(ctx: StationContext, deps: AccountsDeps): AccountsRoom {
  const people = openPeople(ctx)
  const sessions = openSessions(ctx.db, ctx.clock)
  const throttle = createThrottle(ctx.clock)
  /** Session hash per connection, with its end as last seen. */
  const signedIn = new Map<string, { hash: string; expiresAt: number }>()

  const identityOf = (personId: string): Identity | null => {
    const person = people.get(personId)
    return person === null || !person.active ? null : { personId, name: person.fullName, may: permission => may(person.roles, permission) }
  }
  const identities: Identities = {
    attach(connectionId, sessionToken) {
      const session = sessions.byToken(sessionToken)
      if (session === null || identityOf(session.personId) === null) return false
      signedIn.set(connectionId, { hash: session.tokenHash, expiresAt: sessions.used(session) })
      return true
    },
    on(connectionId, use) {
      const seat = signedIn.get(connectionId)
      if (seat === undefined) return null
      const session = sessions.byHash(seat.hash)
      const identity = session === null ? null : identityOf(session.personId)
      if (session === null || identity === null) {
        signedIn.delete(connectionId)
        return null
      }
      if (use) seat.expiresAt = sessions.used(session)
      return identity
    },
    release: connectionId => void signedIn.delete(connectionId),
    ticket(filesTicket) {
      const session = sessions.byTicket(filesTicket)
      return session !== null && identityOf(session.personId) !== null
    },
  }

  const present = (token: string, ticket: string, expiresAt: number, person: StoredPerson): Session => ({ sessionToken: token, filesTicket: ticket, person: personOf(person), expiresAt })
  const signIn = (person: StoredPerson, caller: Caller): Session => {
    const { token, ticket, hash, expiresAt } = sessions.start(person.id)
    signedIn.set(caller.connectionId, { hash, expiresAt })
    return present(token, ticket, expiresAt, person)
  }
  const known = (id: string): StoredPerson => {
    const person = people.get(id)
    if (person === null) throw new AppError('not-found', { data: { subject: id } })
    return person
  }
  const self = (caller: Caller): StoredPerson => {
    if (caller.personId === null) throw new AppError('not-signed-in')
    return known(caller.personId)
  }
  /** @throws AppError too-many-tries | wrong-password */
  const proveSelf = async (person: StoredPerson, password: string) => {
    throttle.check(person.userName)
    if (!(await isPassword(password, person.passwordHash, deps.passwordCost))) {
      throttle.failed(person.userName)
      ctx.audit.append({ personId: person.id, name: person.fullName }, 'accounts.wrongPassword', person.id)
      throw new AppError('wrong-password')
    }
    throttle.succeeded(person.userName)
  }
  const add = (who: Who, person: { userName: string; fullName: string; roles: readonly Role[] }, passwordHash: string, action: string): StoredPerson => {
    if (people.named(person.userName) !== null) throw new AppError('name-taken', { data: { userName: person.userName } })
    const id = ctx.newId()
    people.add({ ...person, id, passwordHash })
    ctx.audit.append(who.personId === null && action === 'accounts.createAdministrator' ? { personId: id, name: person.fullName } : who, action, id, { userName: person.userName, roles: person.roles })
    return known(id)
  }
  const addPerson: AccountsRoom['addPerson'] = async (who, person) => {
    checkStrength(person.password, person.userName)
    const hash = await hashPassword(person.password, deps.passwordCost)
    const added = ctx.db.transaction(() => add(who, person, hash, 'accounts.create')).immediate()
    ctx.events.emit('accounts.changed', { personId: added.id })
    return personOf(added)
  }
  const whoOf = (caller: Caller): Who => ({ personId: caller.personId, name: caller.name })

  return {
    identities,
    addPerson,
    person(personId) {
      const person = people.get(personId)
      return person === null ? null : personOf(person)
    },
    handlers: {
      'accounts.status': () => ({ needsAdministrator: people.isEmpty(), stationName: ctx.settings.get().stationName, demoSignIn: people.isEmpty() ? null : (deps.demoSignIn ?? null) }),
      'accounts.createAdministrator': async ({ stationName, fullName, userName, password }, caller) => {
        if (!people.isEmpty()) throw new AppError('already-set-up')
        checkStrength(password, userName)
        const hash = await hashPassword(password, deps.passwordCost)
        const person = ctx.db.transaction(() => {
          // Two first windows may have come this far together: only one of them founds the station.
          if (!people.isEmpty()) throw new AppError('already-set-up')
          return add({ personId: null, name: fullName }, { userName, fullName, roles: ['administrator'] }, hash, 'accounts.createAdministrator')
        }).immediate()
        ctx.settings.update({ stationName })
        ctx.events.emit('accounts.changed', { personId: person.id })
        return signIn(person, caller)
      },
      'accounts.signIn': async ({ userName, password }, caller) => {
        const name = userName.trim().toLowerCase()
        throttle.check(name)
        const person = people.named(name)
        const right = await isPassword(password, person?.passwordHash ?? null, deps.passwordCost)
        if (person === null || !right || !person.active) {
          throttle.failed(name)
          ctx.audit.append({ personId: person?.id ?? null, name: name.slice(0, 64) }, 'accounts.signInRefused', person?.id ?? '')
          throw new AppError('wrong-password')
        }
        throttle.succeeded(name)
        ctx.audit.append({ personId: person.id, name: person.fullName }, 'accounts.signIn', person.id)
        return signIn(person, caller)
      },
      'accounts.resume': ({ sessionToken }, caller) => {
        const session = sessions.byToken(sessionToken)
        const person = session === null ? null : people.get(session.personId)
        if (session === null || person === null || !person.active) throw new AppError('session-expired')
        const expiresAt = sessions.used(session)
        signedIn.set(caller.connectionId, { hash: session.tokenHash, expiresAt })
        return present(sessionToken, sessions.ticketOf(sessionToken), expiresAt, person)
      },
      'accounts.signOut': (_, caller) => {
        const seat = signedIn.get(caller.connectionId)
        if (seat !== undefined) sessions.end(seat.hash)
        signedIn.delete(caller.connectionId)
        ctx.audit.append(whoOf(caller), 'accounts.signOut', caller.personId ?? '')
        return { ok: true }
      },
      'accounts.list': () => ({ people: people.list().map(personOf) }),
      'accounts.create': (person, caller) => addPerson(whoOf(caller), person),
      'accounts.update': async ({ personId, rev, fullName, roles, active }, caller) => {
        const losesKey = known(personId).hasPin && !(active && may(roles, 'emergency'))
        ctx.db.transaction(() => {
          const before = known(personId)
          const staysAdministrator = active && roles.includes('administrator')
          const others = people.list().some(other => other.id !== personId && other.active && other.roles.includes('administrator'))
          if (before.rev !== rev) throw new AppError('stale', { data: { subject: personId } })
          if (!staysAdministrator && !others) throw new AppError('last-administrator')
          if (!people.update(personId, rev, { fullName, roles, active })) throw new AppError('stale', { data: { subject: personId } })
          if (!active) sessions.endAllOf(personId)
          if (losesKey) people.setHasPin(personId, false)
          ctx.audit.append(whoOf(caller), 'accounts.update', personId, { fullName, roles, active, before: { fullName: before.fullName, roles: before.roles, active: before.active } })
        }).immediate()
        // After the row: should the devices be out of reach, the person is off all the same.
        if (losesKey) await deps.removeEmergencyKey(personId)
        ctx.events.emit('accounts.changed', { personId })
        return personOf(known(personId))
      },
      'accounts.changePassword': async ({ oldPassword, newPassword }, caller) => {
        const person = self(caller)
        await proveSelf(person, oldPassword)
        checkStrength(newPassword, person.userName)
        const hash = await hashPassword(newPassword, deps.passwordCost)
        ctx.db.transaction(() => {
          people.setPasswordHash(person.id, hash)
          // Whoever else was signed in with the old password is not any more.
          sessions.endAllOf(person.id, signedIn.get(caller.connectionId)?.hash ?? '')
          ctx.audit.append(whoOf(caller), 'accounts.changePassword', person.id)
        }).immediate()
        ctx.events.emit('accounts.changed', { personId: person.id })
        return { ok: true }
      },
      'accounts.setPin': async ({ password, pin }, caller) => {
        const person = self(caller)
        await proveSelf(person, password)
        checkPin(pin)
        await deps.sealEmergencyKey(person.id, pin)
        ctx.db.transaction(() => {
          people.setHasPin(person.id, true)
          ctx.audit.append(whoOf(caller), 'accounts.setPin', person.id)
        }).immediate()
        ctx.events.emit('accounts.changed', { personId: person.id })
        return { ok: true }
      },
    },
  }
}
