import { AppError } from '#contract/errors.ts'

export interface InputDevice {
  readonly deviceId: string
  readonly label: string
}
export type NoInputReason = 'denied' | 'missing' | 'busy' | 'channels' | 'unknown'

/** What a microphone must not do: no echo canceller, no noise gate, no automatic gain, exactly the channels asked for. */
export function rawConstraints(deviceId: string | null, channels: number): MediaTrackConstraints {
  return {
    ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }),
    channelCount: { exact: channels }, echoCancellation: false, noiseSuppression: false, autoGainControl: false, sampleRate: { ideal: 48_000 },
  }
}

/** @throws AppError no-input with the reason in `data.why` */
export async function openInput(deviceId: string | null, channels: number): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: rawConstraints(deviceId, channels), video: false })
  } catch (error) {
    throw new AppError('no-input', { cause: error, data: { why: reasonOf(error) } })
  }
}

/** Inputs, the system's default first. Labels are empty until the microphone has been allowed once. */
export async function listInputs(): Promise<InputDevice[]> {
  const all = await navigator.mediaDevices.enumerateDevices()
  return all.filter((one) => one.kind === 'audioinput' && one.deviceId !== 'communications' && one.deviceId !== '').map(({ deviceId, label }) => ({ deviceId, label }))
}

function reasonOf(error: unknown): NoInputReason {
  if (!(error instanceof DOMException) && !(error instanceof Error)) return 'unknown'
  switch (error.name) {
    case 'NotAllowedError': case 'SecurityError': return 'denied'
    case 'NotFoundError': return 'missing'
    case 'NotReadableError': case 'AbortError': return 'busy'
    case 'OverconstrainedError': return 'constraint' in error && error.constraint === 'channelCount' ? 'channels' : 'missing'
    default: return 'unknown'
  }
}
