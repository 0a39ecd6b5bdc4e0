export { openCapture, type Capture, type CaptureEvents, type CaptureFault, type CaptureInfo, type CaptureLinkState, type CaptureOptions, type CaptureStation } from './open-capture.ts'
export { listInputs, type InputDevice, type NoInputReason } from './input.ts'
export type { ChannelLevel } from './levels.ts'
