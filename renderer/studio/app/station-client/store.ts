import { create } from 'zustand'
import '../bridge.ts'
import type { Session } from '#contract/accounts.ts'
import type { Permission } from '#contract/roles.ts'
import type { ProcedureInput, ProcedureName, ProcedureOutput } from '#contract/index.ts'
import { StationConnection, type ConnectionPhase } from './connection.ts'

/** The window's one connection. */
export const connection = new StationConnection()

interface StationStore {
  readonly phase: ConnectionPhase
  readonly url: string
  readonly session: Session | null
}
export const useStation = create<StationStore>(() => ({ phase: 'connecting', url: '', session: null }))

const SESSION_KEY = 'session'

export function call<N extends ProcedureName>(procedure: N, input: ProcedureInput<N>): Promise<ProcedureOutput<N>> {
  return connection.call(procedure, input)
}

/** Finds the station through the bridge, keeps the link, and comes back signed in after a reload or a restart of the station. */
export async function startStationClient(): Promise<void> {
  connection.useSession(sessionStorage.getItem(SESSION_KEY))
  connection.onPhase((phase) => {
    useStation.setState({ phase })
    if (phase === 'open') void resumeSession()
  })
  window.vangxa.onStation((change) => {
    if (change.state === 'ready') reach(change.address.url, change.address.token)
  })
  const station = await window.vangxa.station()
  reach(station.url, station.token)
}
let reached = ''
function reach(url: string, token: string): void {
  // The bridge tells the same station twice at start (answer and first state); a new token means a new station process.
  if (reached === `${url} ${token}`) return
  reached = `${url} ${token}`
  useStation.setState({ url })
  connection.connect({ url, token })
}
async function resumeSession(): Promise<void> {
  const sessionToken = sessionStorage.getItem(SESSION_KEY)
  if (sessionToken === null) return
  try {
    enter(await call('accounts.resume', { sessionToken }))
  } catch {
    // An expired session is not an error to show: the sign-in page is the answer.
    leave()
  }
}
export function enter(session: Session): void {
  sessionStorage.setItem(SESSION_KEY, session.sessionToken)
  connection.useSession(session.sessionToken)
  useStation.setState({ session })
}
function leave(): void {
  sessionStorage.removeItem(SESSION_KEY)
  connection.useSession(null)
  useStation.setState({ session: null })
}
export async function signOut(): Promise<void> {
  await call('accounts.signOut', {})
  leave()
}

/** Does the signed-in person hold this permission? Buttons and actions ask before they show themselves enabled. */
export function may(session: Session | null, permission: Permission): boolean {
  if (permission === 'open') return true
  if (session === null) return false
  return permission === 'viewer' || session.person.roles.includes(permission) || session.person.roles.includes('administrator')
}
export function useMay(permission: Permission): boolean {
  return useStation((state) => may(state.session, permission))
}

/** Address of a file of the station for media elements and fetch: `fileUrl('peaks', itemId)`. */
export function fileUrl(prefix: string, rest: string): string {
  const { url, session } = useStation.getState()
  return `${url}/files/${session?.filesTicket ?? 'none'}/${prefix}/${rest}`
}
