/**
 * Part of the picture is written pixel by pixel and handed to the canvas in one piece: some thousand upright bars per frame cost a fifth of what
 * as many rectangles or one polygon do. Colours are packed as the memory of an `ImageData` holds them.
 */
export type Packed = number

export const packed = (red: number, green: number, blue: number): Packed => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0

/** `rgb(1, 2, 3)` and `rgb(1 2 3 / 50%)` as computed styles give them; the opacity is laid over `under`. */
export function packColor(text: string, under: Packed = packed(255, 255, 255)): Packed {
  const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+%?/g) ?? []).map((part) => (part.endsWith('%') ? Number(part.slice(0, -1)) / 100 : Number(part)))
  const mix = (value: number, shift: number): number => Math.round(value * alpha + ((under >>> shift) & 255) * (1 - alpha))
  return packed(mix(red, 0), mix(green, 8), mix(blue, 16))
}

export class Pixels {
  readonly width: number
  readonly height: number
  private readonly image: ImageData | null
  private readonly data: Uint32Array
  /** Nothing is written outside these rows. */
  private top = 0
  private bottom: number

  /** Without an image the pixels are only memory, for tests. */
  constructor(width: number, height: number, image: ImageData | null) {
    this.width = width
    this.height = height
    this.bottom = height
    this.image = image
    this.data = image === null ? new Uint32Array(width * height) : new Uint32Array(image.data.buffer)
  }

  clipRows(top: number, bottom: number): void {
    this.top = Math.max(0, Math.min(this.height, top))
    this.bottom = Math.max(this.top, Math.min(this.height, bottom))
  }

  rect(x: number, y: number, width: number, height: number, color: Packed): void {
    const left = Math.max(0, x)
    const right = Math.min(this.width, x + width)
    const last = Math.min(this.bottom, y + height)
    if (right <= left) return
    for (let row = Math.max(this.top, y); row < last; row++) this.data.fill(color, row * this.width + left, row * this.width + right)
  }

  /** One column, from `y` down to and without `end`; at least one pixel. */
  column(x: number, y: number, end: number, color: Packed): void {
    if (x < 0 || x >= this.width) return
    const { data, width } = this
    const first = y < this.top ? this.top : y
    const last = end > this.bottom ? this.bottom : end > y ? end : y + 1 < this.bottom ? y + 1 : this.bottom
    for (let at = first * width + x, stop = last * width + x; at < stop; at += width) data[at] = color
  }

  /** Outline of one device pixel, or more. */
  frame(x: number, y: number, width: number, height: number, thick: number, color: Packed): void {
    this.rect(x, y, width, thick, color)
    this.rect(x, y + height - thick, width, thick, color)
    this.rect(x, y, thick, height, color)
    this.rect(x + width - thick, y, thick, height, color)
  }

  /** Rows between the first and the last that are equal to the one before need not be filled one by one. */
  fill(color: Packed): void {
    this.data.fill(color)
  }

  at(x: number, y: number): Packed {
    return this.data[y * this.width + x] ?? 0
  }

  put(context: CanvasRenderingContext2D): void {
    if (this.image !== null) context.putImageData(this.image, 0, 0)
  }
}
