import { describe, expect, it } from 'vitest'
import { theme } from '../../../renderer/studio/ui/theme.ts'

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

describe('colours of notes and light buttons', () => {
  it.each(['orange', 'yellow', 'red', 'green', 'teal'] as const)('%s text is read on its own tint, resting and pointed at', (color) => {
    const shades = theme.colors?.[color] ?? []
    for (const tint of [shades[0], shades[1], shades[2]]) expect(contrast(shades[9] ?? '', tint ?? ''), `${shades[9]} on ${tint}`).toBeGreaterThanOrEqual(4.5)
  })
})
