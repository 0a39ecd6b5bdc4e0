import { create } from 'zustand'
import { AppError } from '#contract/errors.ts'
import type { LiveSession, Targets } from '#contract/devices.ts'
import { openCapture, type Capture } from '../../audio/capture/index.ts'
import { call, connection } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'

export type LiveStep = 'idle' | 'opening' | 'ready' | 'speaking' | 'stopping'

interface LiveDesk {
  readonly step: LiveStep
  readonly session: LiveSession | null
  readonly capture: Capture | null
  readonly inputLost: boolean
  readonly deviceId: string | null
}
/** The live microphone belongs to the window, not to the page: going to another page does not cut a speaker off. */
export const useLiveDesk = create<LiveDesk>(() => ({ step: 'idle', session: null, capture: null, inputLost: false, deviceId: null }))

export function chooseInput(deviceId: string | null): void {
  useLiveDesk.setState({ deviceId })
}

/** Opens the microphone and asks the speakers to get ready. Nothing sounds yet. */
export async function prepareLive(request: { title: string; targets: Targets; urgent: boolean }): Promise<void> {
  const { step, deviceId } = useLiveDesk.getState()
  if (step !== 'idle') return
  const credentials = connection.credentials()
  if (credentials === null) throw new AppError('not-signed-in')
  useLiveDesk.setState({ step: 'opening', inputLost: false })
  let capture: Capture | null = null
  try {
    capture = await openCapture({ deviceId, channels: 1, station: { url: credentials.url, token: credentials.token }, session: credentials.session })
    capture.on('inputLost', (inputLost) => useLiveDesk.setState({ inputLost }))
    const session = await call('live.prepare', { ...request, channels: 1 })
    await window.vangxa.keepAwake(true)
    useLiveDesk.setState({ step: 'ready', session, capture })
  } catch (error) {
    await capture?.close()
    useLiveDesk.setState({ step: 'idle', session: null, capture: null })
    throw error
  }
}

export async function startSpeaking(): Promise<void> {
  const { step, session, capture } = useLiveDesk.getState()
  if (step !== 'ready' || session === null || capture === null) return
  useLiveDesk.setState({ step: 'speaking' })
  try {
    await capture.attach(session.handle, { live: true })
    useLiveDesk.setState({ session: await call('live.start', { sid: session.sid }) })
  } catch (error) {
    await endLive()
    throw error
  }
}

/** Ends the session in every state: the last words still go out, then the speakers go back to their schedule. */
export async function endLive(): Promise<void> {
  const { step, session, capture } = useLiveDesk.getState()
  if (step === 'idle' || step === 'stopping') return
  useLiveDesk.setState({ step: 'stopping' })
  try {
    if (step === 'speaking') await capture?.stop()
    if (session !== null) useLiveDesk.setState({ session: await call('live.stop', { sid: session.sid }) })
  } catch (error) {
    showError(error)
  } finally {
    await capture?.close()
    await window.vangxa.keepAwake(false)
    useLiveDesk.setState({ step: 'idle', capture: null })
  }
}

connection.on('live.changed', (session) => {
  const { session: own, step } = useLiveDesk.getState()
  if (own === null || own.sid !== session.sid) return
  useLiveDesk.setState({ session })
  // The station ended it (lease, another operator): the microphone must not stay open.
  if (session.state === 'ended' && step !== 'idle' && step !== 'stopping') void endLive()
})
