import { CaptureFeed } from './feed.ts'
import { CaptureLink } from './link.ts'
import { FromWorklet, ToWorker, type FromWorker } from './messages.ts'
import { SignalWatch } from '#common/take/signal-watch.ts'
import { StallWatch } from '#common/take/stall-watch.ts'
import { openPrivateSpool } from './private-files.ts'

/**
 * The capture Worker: takes blocks from the audio thread and sends them to the station over its own socket. The window's main thread takes
 * no part, so nothing it does (or blocks on) can lose a sample.
 */
const FLUSH_WITHIN_MS = 400
const TELL_WAITING_EVERY_MS = 1_000
const LOOK_FOR_STALL_EVERY_MS = 250

interface Open {
  readonly feed: CaptureFeed
  readonly link: CaptureLink
  readonly watch: SignalWatch
  readonly worklet: MessagePort
  readonly channels: number
  /** Set while the device is away: where that began on the capture clock, and whether a device is connected again that has not sounded yet. */
  away: { readonly from: number; back: boolean } | null
  spoolAsked: boolean
}
let open: Open | null = null
let lastFlush = 0
const flushes = new Map<number, () => void>()

function tell(message: FromWorker): void {
  globalThis.postMessage(message)
}

globalThis.addEventListener('message', (event: MessageEvent) => {
  const message = ToWorker.parse(event.data)
  if (message.kind === 'open') {
    open = begin(message.channels, message.access, message.worklet)
    return
  }
  if (open === null) return
  if (message.kind === 'move') return open.link.moveTo(message.access)
  if (message.kind === 'input') return void inputChanged(open, message.lost)
  void obey(open, message)
})

function begin(channels: number, access: { url: string; token: string; session: string }, worklet: MessagePort): Open {
  const feed = new CaptureFeed(channels)
  const link = new CaptureLink(feed, access, {
    state: (state) => tell({ kind: 'link', state }),
    durable: (handle, durableFrames) => tell({ kind: 'durable', handle, durableFrames }),
  })
  const watch = new SignalWatch(channels)
  const stall = new StallWatch()
  worklet.onmessage = (event: MessageEvent) => {
    const heard = FromWorklet.parse(event.data)
    if (heard.kind === 'flushed') {
      flushes.get(heard.id)?.()
      flushes.delete(heard.id)
    } else {
      block(heard.buffer, heard.firstFrame, heard.frames)
    }
  }
  function block(buffer: ArrayBuffer, firstFrame: number, frames: number): void {
    const samples = new Float32Array(buffer, 0, frames * channels)
    const lost = feed.push({ samples, firstFrame })
    if (lost > 0) tell({ kind: 'fault', fault: { kind: 'dropout', atFrame: feed.positionOf(firstFrame - lost), frames: lost } })
    const stalled = stall.block(firstFrame + frames, performance.now())
    if (stalled !== null) tell({ kind: 'fault', fault: { ...stalled, atFrame: feed.positionOf(stalled.atFrame) } })
    const faults = watch.look(samples, firstFrame)
    const { away } = made
    if (away?.back === true && watch.soundAt !== null) {
      const atFrame = feed.positionOf(away.from)
      made.away = null
      tell({ kind: 'fault', fault: { kind: 'input-lost', atFrame, frames: Math.max(1, feed.positionOf(watch.soundAt) - atFrame) } })
    }
    for (const fault of faults) {
      // The silence of a device that is away has been told as that.
      if (fault.kind === 'silence' && away !== null) continue
      const atFrame = feed.positionOf(fault.atFrame)
      tell({ kind: 'fault', fault: { kind: fault.kind, atFrame, frames: feed.attached ? Math.max(0, feed.positionOf(fault.atFrame + fault.frames) - atFrame) : fault.frames } })
    }
    worklet.postMessage(buffer, [buffer])
    link.pump()
  }
  setInterval(() => {
    feed.flush()
    tell({ kind: 'waiting', frames: feed.waitingFrames, room: feed.hasSpool ? 'disk' : 'memory', dropped: feed.droppedFrames })
  }, TELL_WAITING_EVERY_MS)
  setInterval(() => {
    const stalled = stall.look(performance.now())
    if (stalled !== null) tell({ kind: 'fault', fault: { ...stalled, atFrame: feed.positionOf(stalled.atFrame) } })
  }, LOOK_FOR_STALL_EVERY_MS)
  const made: Open = { feed, link, watch, worklet, channels, away: null, spoolAsked: false }
  return made
}

/** Where the device went away and how long it was: counted in samples, from the last that sounded to the first that sounds again. */
async function inputChanged(at: Open, lost: boolean): Promise<void> {
  await flush(at.worklet)
  const { feed, watch } = at
  if (lost) {
    at.away ??= { from: Math.min(feed.end, watch.quietFrom), back: false }
    at.away.back = false
    tell({ kind: 'fault', fault: { kind: 'input-lost', atFrame: feed.positionOf(at.away.from), frames: 0 } })
  } else if (at.away !== null) {
    at.away.back = true
  }
}

async function obey(at: Open, message: Exclude<ToWorker, { kind: 'open' | 'move' | 'input' }>): Promise<void> {
  const { feed, link } = at
  if (message.kind === 'rebind') {
    feed.rebind(message.handle, message.fromPosition, message.owner)
    link.bind()
  } else if (message.kind === 'detach') {
    feed.detach()
  } else if (message.kind === 'where') {
    await flush(at.worklet)
  } else {
    // The worklet gives out what it has: the step falls between two samples, not between two blocks.
    await flush(at.worklet)
    if (message.kind === 'attach') {
      feed.attach({ handle: message.handle, fromFrame: message.fromFrame ?? feed.end, format: message.format, live: message.live, owner: message.owner })
      link.bind()
      if (!message.live) void spoolFor(at)
    } else if (message.kind === 'pause') feed.pause()
    else if (message.kind === 'resume') feed.resume(feed.end)
    else {
      tell({ kind: 'done', id: message.id, position: feed.stop() })
      return link.pump()
    }
  }
  tell({ kind: 'done', id: message.id, position: feed.positionOf(feed.end) })
}

/** Without one the memory alone keeps what the station has not taken. */
async function spoolFor(at: Open): Promise<void> {
  if (at.spoolAsked) return
  at.spoolAsked = true
  const spool = await openPrivateSpool()
  if (spool !== null) at.feed.useSpool(spool)
}

/** A suspended audio thread does not answer: then what has come so far is all there is. */
function flush(worklet: MessagePort): Promise<void> {
  return new Promise((resolve) => {
    const id = ++lastFlush
    const timer = setTimeout(() => {
      flushes.delete(id)
      resolve()
    }, FLUSH_WITHIN_MS)
    flushes.set(id, () => {
      clearTimeout(timer)
      resolve()
    })
    worklet.postMessage(id)
  })
}
