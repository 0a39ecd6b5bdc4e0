import { connect, type Socket } from 'node:net'
import { TapStream } from '../../air/index.ts'
import type { Listener, Source } from '../../media/index.ts'

const RETRY_MS = 200
const FRAMES_PER_US = 48_000 / 1_000_000

/** The programme tap. When the air's thread dies and returns, the clock of the tap says how much was missed. */
export function listenToAir(tapPath: string, listener: Listener): Source {
  let socket: Socket | null = null
  let retry: NodeJS.Timeout | undefined
  let closed = false
  let told = false
  /** Where the next block must begin: on this connection in bus samples, over connections in station time. */
  let expected: { frame: number; atUs: number; connection: number } | null = null
  let connection = 0

  function join(): void {
    connection++
    let zeroAtUs = 0
    const here = connection
    const stream = new TapStream({
      mapping: (zero) => { zeroAtUs = zero },
      sound(pcm, firstFrame) {
        told = false
        const atUs = zeroAtUs + firstFrame / FRAMES_PER_US
        const lost = expected === null ? 0 : expected.connection === here ? firstFrame - expected.frame : Math.round((atUs - expected.atUs) * FRAMES_PER_US)
        const frames = pcm.length / 2
        expected = { frame: firstFrame + frames, atUs: atUs + frames / FRAMES_PER_US, connection: here }
        listener.sound(pcm, Math.max(0, lost))
      },
    })
    const made = connect(tapPath)
    socket = made
    made.on('data', (chunk) => {
      try {
        stream.push(chunk)
      } catch (error) {
        made.destroy(error instanceof Error ? error : undefined)
      }
    })
    made.on('error', () => undefined)
    made.on('close', () => {
      if (closed) return
      if (!told) listener.lost()
      told = true
      retry = setTimeout(join, RETRY_MS)
    })
  }

  join()
  return {
    close() {
      closed = true
      clearTimeout(retry)
      socket?.destroy()
    },
  }
}
