import type { Session, WebContents } from 'electron'
import { APP_ORIGIN } from './app-protocol.ts'

/** Electron reports an origin with or without the closing slash. */
function isOurs(origin: string | undefined): boolean {
  return origin !== undefined && (origin === APP_ORIGIN || origin.startsWith(`${APP_ORIGIN}/`))
}

/** The studio's own window may use the microphone and choose a loudspeaker. Everything else, and everybody else, is refused. */
export function limitPermissions(session: Session, isStudioWindow: (contents: WebContents | null) => boolean): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const trusted = isStudioWindow(contents) && isOurs(details.requestingUrl) && details.isMainFrame
    if (permission === 'media' && 'mediaTypes' in details) return answer(trusted && details.mediaTypes?.length === 1 && details.mediaTypes[0] === 'audio')
    answer(trusted && permission === 'speaker-selection')
  })
  session.setPermissionCheckHandler((contents, permission, origin, details) => {
    if (!isStudioWindow(contents) || !isOurs(origin)) return false
    // Chromium also asks with an unknown type while it lists devices; without it they would have no names.
    if (permission === 'media') return details.mediaType === 'audio' || details.mediaType === 'unknown'
    return (permission as string) === 'speaker-selection'
  })
  refuseDevices(session)
}

/** Sessions of public screens: nothing at all. */
export function refusePermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  refuseDevices(session)
}

function refuseDevices(session: Session): void {
  session.setDevicePermissionHandler(() => false)
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }))
  for (const event of ['select-hid-device', 'select-serial-port', 'select-usb-device'] as const) {
    session.on(event as 'select-hid-device', (happening) => happening.preventDefault())
  }
}
