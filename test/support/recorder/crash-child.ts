import { openRecorder } from '../../../main/station/recorder/index.ts'
import { callRoom, openTestContext } from '../context.ts'
import { fakeLibrary } from './fake-library.ts'
import { decodeFrame } from '#contract/frames.ts'

/**
 * A station's recorder in a process of its own, to be killed without warning: real database, real files, real capture desk. Frames come over
 * the process channel as the bytes a socket would bring.
 */
const ctx = await openTestContext({ folder: process.argv[2] ?? '' })
const room = await openRecorder(ctx, { library: fakeLibrary(ctx).face })
const take = await callRoom(room, 'recorder.start', { title: 'Thử tắt máy', channels: 1, inputLabel: 'Bộ đếm', inputRateHz: 48_000, settings: {} })
process.on('message', (message) => {
  if (!(message instanceof Uint8Array)) return
  const frame = decodeFrame(message)
  if ('refused' in frame) throw new Error(frame.refused)
  ctx.inside.captures.feed(frame, { connectionId: 'parent', acknowledge: (_handle, _seq, durableFrames) => process.send?.({ durableFrames }) })
})
process.send?.({ handle: take.handle, takeId: take.id })
