import type { Page } from '@playwright/test'
import type { Frames } from './desk-frames.ts'

interface Surfer {
  zoom(minPxPerSec: number): void
  once(event: string, run: () => void): void
  setScroll(px: number): void
  destroy(): void
}

/** Longer elements are clamped by the browser. */
const WIDEST_PX = 33e6
const ZOOM_FRAMES = 160

/**
 * wavesurfer.js in the same window: the peaks file is fetched, decoded and joined to a level that suits a whole file (kind to it: the zoomed picture
 * is coarse), then drawn; zoomed and scrolled once per frame, as far as its element can be. `memoryMb` is asked before it and while it stands open.
 */
export async function measureWavesurfer(page: Page, options: { source: string; url: string; seconds: number; channels: 1 | 2; memoryMb: () => Promise<number> }): Promise<Frames & { openMs: number; grownMb: number }> {
  await page.evaluate(options.source)
  const before = await options.memoryMb()
  const openMs = await open(page, options)
  const grownMb = (await options.memoryMb()) - before
  return { openMs, grownMb, ...(await zoom(page, options.seconds)) }
}

/** Median of five openings; the last one stays open as `__surfer` of the page. */
async function open(page: Page, { url, seconds, channels }: { url: string; seconds: number; channels: 1 | 2 }): Promise<number> {
  return page.evaluate(async ({ url, seconds, channels }) => {
    const make: { create(options: object): Surfer } = Reflect.get(globalThis, 'WaveSurfer')
    const host = document.createElement('div')
    host.id = 'surfer-host'
    host.style.cssText = 'position:fixed;inset:60px 20px auto 180px;height:300px;background:#fff;z-index:9999'
    document.body.append(host)
    const painted = (): Promise<number> => new Promise((resolve) => {
      requestAnimationFrame(() => {
        const channel = new MessageChannel()
        channel.port1.onmessage = () => resolve(performance.now())
        channel.port2.postMessage(0)
      })
    })
    const read = async (): Promise<Float32Array[]> => {
      const bytes = await (await fetch(url, { cache: 'no-store' })).arrayBuffer()
      const header = new DataView(bytes)
      const length = header.getUint32(16, true)
      const channels = header.getInt32(20, true)
      const data = new Int16Array(bytes, 24)
      const join = Math.max(1, Math.ceil(length / 131_072))
      const points = Math.ceil(length / join)
      return Array.from({ length: channels }, (_, c) => {
        const out = new Float32Array(points * 2)
        for (let n = 0; n < points; n++) {
          let low = 0
          let high = 0
          for (let at = n * join, stop = Math.min(length, at + join); at < stop; at++) {
            low = Math.min(low, data[(at * channels + c) * 2] ?? 0)
            high = Math.max(high, data[(at * channels + c) * 2 + 1] ?? 0)
          }
          out[n * 2] = low / 32_768
          out[n * 2 + 1] = high / 32_768
        }
        return out
      })
    }
    const opened: number[] = []
    let surfer: Surfer | null = null
    for (let n = 0; n < 5; n++) {
      surfer?.destroy()
      await painted()
      const began = performance.now()
      const peaks = await read()
      const next = make.create({ container: host, peaks, duration: seconds, height: 280, splitChannels: Array.from({ length: channels }, () => ({})), waveColor: '#2a8598', interact: false })
      await new Promise<void>((resolve) => next.once('redrawcomplete', resolve))
      opened.push((await painted()) - began)
      surfer = next
    }
    Reflect.set(globalThis, '__surfer', surfer)
    return opened.toSorted((a, b) => a - b)[2] ?? 0
  }, { url, seconds, channels })
}

async function zoom(page: Page, seconds: number): Promise<Frames> {
  return page.evaluate(async ({ seconds, widest, zoomFrames }) => {
    const last: Surfer = Reflect.get(globalThis, '__surfer')
    const host = document.getElementById('surfer-host')
    if (host === null) throw new Error('no wavesurfer')
    const intervals: number[] = []
    const tasks: number[] = []
    const channel = new MessageChannel()
    let frameBegan = 0
    channel.port1.onmessage = () => void tasks.push(performance.now() - frameBegan)
    const first = host.clientWidth / seconds
    const deepest = Math.min(384_000, widest / seconds)
    await new Promise<void>((resolve) => {
      let n = 0
      let before = 0
      const frame = (now: number): void => {
        if (before > 0) intervals.push(now - before)
        before = now
        frameBegan = performance.now()
        if (n++ >= zoomFrames * 2) return resolve()
        const share = n <= zoomFrames ? n / zoomFrames : 2 - n / zoomFrames
        last.zoom(first * (deepest / first) ** share)
        channel.port2.postMessage(0)
        requestAnimationFrame(frame)
      }
      requestAnimationFrame(frame)
    })
    last.destroy()
    host.remove()
    Reflect.deleteProperty(globalThis, '__surfer')
    return { intervals, tasks }
  }, { seconds, widest: WIDEST_PX, zoomFrames: ZOOM_FRAMES })
}
