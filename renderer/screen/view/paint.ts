import type { View } from '#common/screen/view.ts'
import { say, type ScreenWords } from './words.ts'

/** Turns a view into elements. Elements are kept while what they show stays the same, so nothing flickers and a crawl runs on. */
export interface Painter {
  paint(view: View, facts: { readonly stationName: string; readonly now: number; readonly zone: string; readonly connected: boolean }): void
}
export interface PainterParts {
  readonly root: HTMLElement
  readonly words: ScreenWords
  readonly pictureUrl: (sha256: string) => string | null
  readonly onBadPicture: (sha256: string) => void
}

export function element<K extends keyof HTMLElementTagNameMap>(name: K, attributes: { class?: string; testid?: string; text?: string } = {}, ...children: (Node | null)[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  if (attributes.class !== undefined) made.className = attributes.class
  if (attributes.testid !== undefined) made.dataset['testid'] = attributes.testid
  if (attributes.text !== undefined) made.textContent = attributes.text
  made.append(...children.filter((child) => child !== null))
  return made
}

export function openPainter({ root, words, pictureUrl, onBadPicture }: PainterParts): Painter {
  const base = element('div', { class: 'base' })
  const band = element('div', { class: 'band-place' })
  const clock = element('time', { class: 'clock', testid: 'screen-clock' })
  const day = element('span', { class: 'day' })
  const station = element('span', { class: 'station', testid: 'screen-station' })
  const link = element('span', { class: 'link', testid: 'screen-link' })
  const head = element('header', { class: 'head' }, station, element('span', { class: 'when' }, day, clock))
  root.replaceChildren(head, base, band, link)
  let painted = ''
  let bandPainted = ''

  function picture(sha256: string, fit: string): HTMLElement | null {
    const url = pictureUrl(sha256)
    if (url === null) return null
    const image = element('img', { class: `picture fit-${fit}`, testid: 'screen-picture' })
    image.alt = ''
    image.src = url
    image.dataset['sha256'] = sha256
    image.addEventListener('error', () => {
      image.remove()
      onBadPicture(sha256)
    })
    return image
  }
  const heading = (text: string, testid: string): HTMLElement | null => (text === '' ? null : element('h1', { text, testid }))
  const body = (text: string, testid: string): HTMLElement | null => (text === '' ? null : element('p', { class: 'body', text, testid }))
  const crawl = (text: string): HTMLElement | null => (text === '' ? null : element('div', { class: 'crawl' }, element('span', { text, testid: 'screen-crawl' })))
  const nextLine = (next: { title: string; startAt: number } | null, zone: string): HTMLElement | null =>
    next === null ? null : element('p', { class: 'next', testid: 'screen-next', text: say(words.next, { time: hours(next.startAt, zone), title: next.title }) })

  function paintBase(view: View, zone: string): void {
    const shown = view.base
    root.dataset['kind'] = shown.kind
    root.dataset['layer'] = view.layer
    delete root.dataset['risk']
    switch (shown.kind) {
      case 'alert': {
        root.dataset['risk'] = String(shown.risk)
        const hazard = words.hazards[shown.hazard] ?? words.hazards['khac'] ?? ''
        base.replaceChildren(element('section', { class: 'alert', testid: 'screen-alert' },
          shown.drill ? element('div', { class: 'drill', text: words.drill, testid: 'screen-drill' }) : null,
          element('div', { class: 'risk', testid: 'screen-risk' }, element('span', { class: 'risk-sign', text: '▲' }), element('span', { text: `${hazard} · ${say(words.risk, { level: shown.risk, color: words.colors[String(shown.risk)] ?? '' })}` })),
          heading(shown.words.title === '' ? hazard : shown.words.title, 'screen-title'), body(shown.words.text, 'screen-text'), crawl(shown.words.crawl),
          shown.drill ? element('div', { class: 'drill', text: words.drill }) : null))
        return
      }
      case 'notice': {
        const image = shown.picture === null ? null : picture(shown.picture.sha256, shown.picture.fit)
        base.replaceChildren(element('section', { class: image === null ? 'notice' : 'notice with-picture', testid: 'screen-notice' }, image, element('div', { class: 'words' }, heading(shown.words.title, 'screen-title'), body(shown.words.text, 'screen-text')), crawl(shown.words.crawl)))
        return
      }
      case 'playing': {
        base.replaceChildren(element('section', { class: 'playing', testid: 'screen-playing' }, element('p', { class: 'kicker', text: shown.now.live ? words.liveNow : words.playing }), heading(shown.now.title === '' ? words.programme : shown.now.title, 'screen-title'), nextLine(shown.next, zone)))
        return
      }
      case 'card': {
        const image = shown.picture === null ? null : picture(shown.picture.sha256, shown.picture.fit)
        base.replaceChildren(element('section', { class: 'card', testid: 'screen-card' }, image, element('p', { class: 'kicker', text: words.welcome }), element('h1', { class: 'card-name', testid: 'screen-card-name' }), nextLine(shown.next, zone)))
      }
    }
  }
  function paintBand(shown: View['band']): void {
    if (shown === null) return band.replaceChildren()
    const text = [shown.words.title, shown.words.text].filter((part) => part !== '').join(' — ')
    const image = shown.picture === null ? null : picture(shown.picture.sha256, 'contain')
    band.replaceChildren(element('aside', { class: 'band', testid: 'screen-band' }, image, element('span', { class: 'band-words' }, element('strong', { text: shown.words.title, testid: 'screen-band-title' }), element('span', { text: shown.words.text })), crawl(shown.words.crawl)))
    band.setAttribute('aria-label', text)
  }

  return {
    paint(view, { stationName, now, zone, connected }) {
      const wanted = JSON.stringify(view.base.kind === 'playing' ? { ...view.base, now: { ...view.base.now, startAt: 0, endAt: 0 } } : view.base) + view.layer
      if (wanted !== painted) {
        paintBase(view, zone)
        painted = wanted
      }
      const wantedBand = JSON.stringify(view.band)
      if (wantedBand !== bandPainted) {
        paintBand(view.band)
        bandPainted = wantedBand
      }
      const time = hours(now, zone, true)
      if (clock.textContent !== time) clock.textContent = time
      const date = new Intl.DateTimeFormat('vi-VN', { weekday: 'long', day: '2-digit', month: '2-digit', year: 'numeric', timeZone: zone }).format(now)
      if (day.textContent !== date) day.textContent = date
      if (station.textContent !== stationName) station.textContent = stationName
      const card = base.querySelector('.card-name')
      if (card !== null && card.textContent !== stationName) card.textContent = stationName
      link.dataset['up'] = String(connected)
      link.textContent = connected ? '' : '·'
    },
  }
}

function hours(at: number, zone: string, seconds = false): string {
  return new Intl.DateTimeFormat('vi-VN', { hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' as const } : {}), hourCycle: 'h23', timeZone: zone }).format(at)
}
