import { z } from 'zod'
import { CaptureFeed } from '../../../../renderer/studio/audio/capture/feed.ts'
import { CaptureLink } from '../../../../renderer/studio/audio/capture/link.ts'
import { fileSpool } from '../file-spool.ts'

/**
 * The window's capture chain behind the microphone (feed, spool, link) in a process of its own, speaking counter PCM at the pace of a clock. To be
 * killed without warning, or to outlive a killed station.
 */
const Access = z.object({ url: z.string(), token: z.string(), session: z.string() })
const Order = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('move'), access: Access }),
  z.object({ kind: z.literal('rebind'), handle: z.number(), fromPosition: z.number().nullable() }),
  z.object({ kind: z.literal('stop') }),
])
const { access, handle, base } = z.object({ access: Access, handle: z.number(), base: z.number() }).parse(JSON.parse(process.argv[2] ?? ''))
const BLOCK = 4_800
const MODULUS = 8_388_608

const feed = new CaptureFeed(1)
const spool = fileSpool()
feed.useSpool(spool.spool)
feed.attach({ handle, fromFrame: 0, format: 'int24', live: false })
const link = new CaptureLink(feed, access, {
  state: (state) => process.send?.({ state }),
  durable: (_handle, durableFrames) => process.send?.({ durableFrames, waiting: feed.waitingFrames }),
})
link.bind()
const began = performance.now()
let spoken = 0
let stopped = false
const timer = setInterval(() => {
  while (!stopped && (spoken + BLOCK) / 48 <= performance.now() - began) {
    const samples = new Float32Array(BLOCK)
    for (let i = 0; i < BLOCK; i++) samples[i] = ((base + spoken + i) % MODULUS) / MODULUS
    feed.push({ samples, firstFrame: spoken })
    spoken += BLOCK
    // Told before it is sent: what was spoken counts from the moment it exists.
    process.send?.({ spoken })
    link.pump()
  }
}, 10)

process.on('message', (message) => {
  const order = Order.parse(message)
  if (order.kind === 'move') link.moveTo(order.access)
  else if (order.kind === 'rebind') {
    feed.rebind(order.handle, order.fromPosition)
    link.bind()
  } else {
    stopped = true
    process.send?.({ finalFrame: feed.stop() })
  }
})
process.on('disconnect', () => {
  clearInterval(timer)
  spool[Symbol.dispose]()
  process.exit(0)
})
