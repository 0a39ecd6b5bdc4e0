import { PickUpNews, type PickUpOrder } from './pick-up-messages.ts'

export type { PickUpNews } from './pick-up-messages.ts'

/** Hands in what windows that died left behind. Resolves with the number of files that still wait. */
export function pickUpLeftSound(where: Omit<PickUpOrder, 'pageBegan'>, tell: (news: PickUpNews) => void): Promise<number> {
  const worker = new Worker(new URL('./pick-up-worker.ts', import.meta.url), { type: 'module', name: 'pick-up' })
  return new Promise<number>((resolve) => {
    worker.onmessage = (event: MessageEvent) => {
      const news = PickUpNews.parse(event.data)
      tell(news)
      if (news.kind === 'looked') resolve(news.open)
    }
    worker.onerror = () => resolve(0)
    const order: PickUpOrder = { ...where, pageBegan: performance.timeOrigin }
    worker.postMessage(order)
  }).finally(() => worker.terminate())
}
