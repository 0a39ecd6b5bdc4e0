import type { MouseEvent } from 'react'

/** Pressing with the mouse leaves the focus where it was, so that Space goes on meaning play. A text field, though, is left: what was typed there counts first. */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault()
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur()
}
