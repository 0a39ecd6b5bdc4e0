import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { encodeFrame } from '#contract/frames.ts'
import { openRecorder } from '../../../main/station/recorder/index.ts'
import { TAKE_HEADER_BYTES, decodeTakeHeader } from '../../../main/station/recorder/wav-header.ts'
import { openTestContext, temporaryFolder } from '../context.ts'
import { counterFrame, firstWrongFrame } from './counter-pcm.ts'
import { fakeLibrary } from './fake-library.ts'

const CHUNK = 4_800
const Hello = z.object({ handle: z.number(), takeId: z.string() })
const Ack = z.object({ durableFrames: z.number() })

export interface CrashResult {
  readonly spokenFrames: number
  readonly keptFrames: number
  readonly lostMs: number
  readonly acknowledgedFrames: number
  readonly firstWrongFrame: number
  readonly headerTrue: boolean
  readonly title: string
}

/** Feeds a recorder process in real time, kills it without warning after `killAfterMs`, starts a station on what is left and looks at the item it makes. */
export async function crashOnce(killAfterMs: number): Promise<CrashResult> {
  const folder = await temporaryFolder()
  const child = fork(new URL('./crash-child.ts', import.meta.url), [folder.path], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  try {
    const [hello] = await once(child, 'message')
    const { handle } = Hello.parse(hello)
    let acknowledgedFrames = 0
    child.on('message', (message) => {
      const ack = Ack.safeParse(message)
      if (ack.success) acknowledgedFrames = ack.data.durableFrames
    })
    const began = performance.now()
    let seq = 0
    while (performance.now() - began < killAfterMs) {
      while ((seq + 1) * 100 <= performance.now() - began) {
        child.send(encodeFrame(counterFrame({ session: handle, seq, firstFrame: seq * CHUNK, frames: CHUNK, channels: 1 })))
        seq++
      }
      await wait(Math.max(1, Math.min(20, killAfterMs - (performance.now() - began))))
    }
    const spokenFrames = Math.floor((performance.now() - began) * 48)
    child.kill('SIGKILL')
    await once(child, 'exit')

    const ctx = await openTestContext({ folder: folder.path })
    try {
      const library = fakeLibrary(ctx)
      const room = await openRecorder(ctx, { library: library.face })
      const imported = new Promise<void>((resolve) => ctx.events.on('recorder.changed', (take) => { if (take.itemId !== null) resolve() }))
      await room.recover()
      if (room.takes().length === 0) return { spokenFrames, keptFrames: 0, lostMs: spokenFrames / 48, acknowledgedFrames, firstWrongFrame: -1, headerTrue: true, title: '' }
      await imported
      const [kept] = library.items.values()
      const wav = await readFile(kept?.path ?? '')
      const header = decodeTakeHeader(wav)
      const keptFrames = (header?.claimedBytes ?? 0) / 3
      return {
        spokenFrames, keptFrames, lostMs: (spokenFrames - keptFrames) / 48, acknowledgedFrames, firstWrongFrame: firstWrongFrame(wav.subarray(TAKE_HEADER_BYTES, TAKE_HEADER_BYTES + keptFrames * 3), 1),
        headerTrue: header !== null && wav.length === TAKE_HEADER_BYTES + header.claimedBytes + (header.claimedBytes % 2), title: kept?.item.title ?? '',
      }
    } finally {
      await ctx.dispose()
    }
  } finally {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await folder.remove()
  }
}
