import { AppError } from '#contract/errors.ts'
import { BlockMaker } from './block-maker.ts'
import { Feeder } from './feeder.ts'
import type { FeederOut } from './feeder.ts'
import type { FromPlaybackWorker, FromPlaybackWorklet, ToPlaybackWorker, ToPlaybackWorklet } from './messages.ts'
import { fetchRange } from './pcm-cache.ts'
import { Scrubber } from './scrubber.ts'

/** The playback Worker: fetches by Range, mixes, and feeds the audio thread over a port of its own. The window's main thread takes no part. */
let worklet: MessagePort | null = null

function send(message: ToPlaybackWorklet, transfer: Transferable[] = []): void {
  worklet?.postMessage(message, transfer)
}

const out: FeederOut = {
  block: (block) => send({ kind: 'block', block }, block.channels.map((channel) => channel.buffer)),
  end: (epoch, position) => send({ kind: 'end', epoch, position }),
  failed: (error) => {
    const { code, data } = error instanceof AppError ? error : new AppError('station-unreachable', { cause: error })
    globalThis.postMessage({ kind: 'failed', code, data } satisfies FromPlaybackWorker)
  },
}
const maker = new BlockMaker(fetchRange)
const feeder = new Feeder(maker, out)
const scrubber = new Scrubber(maker, out)
let scrubEpoch = 0

function scrub(epoch: number, at: number): void {
  if (scrubEpoch !== epoch) {
    scrubEpoch = epoch
    feeder.stop(epoch)
    scrubber.start(epoch)
  }
  scrubber.aim(epoch, at)
}

globalThis.addEventListener('message', (event: MessageEvent<ToPlaybackWorker>) => {
  const message = event.data
  switch (message.kind) {
    case 'open':
      worklet = message.worklet
      worklet.onmessage = (heard: MessageEvent<FromPlaybackWorklet>) => {
        feeder.progress(heard.data.epoch, heard.data.position, heard.data.spent)
        scrubber.progress(heard.data.epoch, heard.data.position)
      }
      return
    case 'plan': return feeder.setPlan(message.plan)
    case 'play':
      scrubber.stop()
      return feeder.play(message.epoch, message.course)
    case 'scrub': return scrub(message.epoch, message.at)
    case 'stop':
      scrubber.stop()
      return feeder.stop(message.epoch)
  }
})
