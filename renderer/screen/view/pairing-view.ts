import type { ScreenIdentity } from '../device/identity.ts'
import type { PairingState } from '../device/pairing.ts'
import { element } from './paint.ts'
import type { ScreenWords } from './words.ts'

/** Before pairing the screen shows its label, then the six digits the technician compares. */
export function openPairingView(root: HTMLElement, words: ScreenWords, identity: ScreenIdentity): (state: PairingState) => void {
  const { pairing } = words
  const status = element('p', { class: 'pairing-status', testid: 'screen-pairing-status', text: pairing.waiting })
  const digits = element('p', { class: 'digits', testid: 'screen-digits' })
  const label = element('code', { class: 'label-text', testid: 'screen-label', text: identity.label })
  const codes = element('div', { class: 'codes' },
    element('p', { class: 'code' }, element('span', { class: 'kicker', text: pairing.code }), element('strong', { text: identity.dev, testid: 'screen-device' }), element('strong', { text: identity.claim, testid: 'screen-claim' })))
  root.dataset['kind'] = 'pairing'
  root.replaceChildren(element('section', { class: 'pairing', testid: 'screen-pairing' }, element('h1', { text: pairing.title }), element('p', { text: pairing.how }), codes, element('p', { class: 'kicker', text: pairing.label }), label, digits, status))
  return (state) => {
    digits.textContent = state.kind === 'digits' ? state.digits.replace(/^(...)/, '$1 ') : ''
    digits.dataset['digits'] = state.kind === 'digits' ? state.digits : ''
    digits.setAttribute('aria-label', state.kind === 'digits' ? `${pairing.digits} ${state.digits}` : '')
    status.textContent = state.kind === 'digits' ? pairing.compare : state.kind === 'refused' ? pairing.refused : state.kind === 'no-station' ? pairing.noStation : pairing.waiting
    root.dataset['pairing'] = state.kind
  }
}
