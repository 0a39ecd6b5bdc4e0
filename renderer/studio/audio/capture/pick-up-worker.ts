import { AppError } from '#contract/errors.ts'
import { handIn } from './hand-in.ts'
import { PickUpOrder, type PickUpNews } from './pick-up-messages.ts'
import { leftFiles } from './private-files.ts'
import { readLeftSound } from './spool-records.ts'

/** Looks for sound that windows left behind when they died, and hands it in. A Worker of its own: only a Worker may read the files. */
const TRY_LOCKED_EVERY_MS = 300
/** So long a window that was just killed may hold its file. */
const LOCKED_FOR_MS = 10_000

function tell(news: PickUpNews): void {
  globalThis.postMessage(news)
}

globalThis.addEventListener('message', (event: MessageEvent) => {
  const order = PickUpOrder.parse(event.data)
  pickUp(order).then((open) => tell({ kind: 'looked', open }), (error: unknown) => {
    // Without a private file system nothing can have been left there.
    console.warn('left sound cannot be looked for', error)
    tell({ kind: 'looked', open: 0 })
  })
})

async function pickUp(order: PickUpOrder): Promise<number> {
  const until = Date.now() + LOCKED_FOR_MS
  let open = 0
  for (;;) {
    const { files, locked } = await leftFiles(order.pageBegan)
    open = 0
    for (const { file, done } of files) {
      const left = readLeftSound(file)
      if (left === null || left.session.host !== order.host) {
        await done(left === null)
        continue
      }
      const { title, takeId } = left.session
      try {
        const { take, frames } = await handIn(left, file, order, (sent, of) => tell({ kind: 'sending', takeId, title, frames: sent, of }))
        await done(true)
        tell({ kind: 'joined', takeId, title, part: take.part, frames })
      } catch (error) {
        open++
        await done(false)
        tell({ kind: 'kept', takeId, title, frames: left.toFrame - left.fromFrame, why: error instanceof AppError ? error.code : 'internal' })
      }
    }
    if (locked === 0 || Date.now() > until) return open + locked
    await new Promise((resolve) => setTimeout(resolve, TRY_LOCKED_EVERY_MS))
  }
}
