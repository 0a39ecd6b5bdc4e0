import { crc32, deflateSync } from 'node:zlib'

type Colour = readonly [number, number, number]
const WIDTH = 1280
const HEIGHT = 720
const HORIZON = 430
const SUN = { x: 930, y: 330, radius: 120 } as const
const SKY: readonly [Colour, Colour] = [[70, 148, 205], [252, 224, 170]]
const GREENS: readonly Colour[] = [[122, 172, 66], [150, 192, 80], [98, 152, 58], [176, 206, 96]]
const DYKE: Colour = [92, 74, 46]

const mix = (a: Colour, b: Colour, part: number): Colour => [Math.round(a[0] + (b[0] - a[0]) * part), Math.round(a[1] + (b[1] - a[1]) * part), Math.round(a[2] + (b[2] - a[2]) * part)]

/** Sun over rice fields: bands that grow towards the front, each behind its dyke. */
function colourAt(x: number, y: number): Colour {
  if (y >= HORIZON) {
    const depth = Math.sqrt((y - HORIZON) / (HEIGHT - HORIZON)) * 7
    const field = Math.floor(depth + 0.12 * Math.sin(x / 160))
    if (depth + 0.12 * Math.sin(x / 160) - field < 0.09) return DYKE
    return GREENS[(field + GREENS.length) % GREENS.length] ?? DYKE
  }
  const far = Math.hypot(x - SUN.x, y - SUN.y)
  if (far < SUN.radius) return [255, 236, 128]
  const sky = mix(SKY[0], SKY[1], y / HORIZON)
  return far < SUN.radius * 1.5 ? mix([255, 240, 180], sky, (far - SUN.radius) / (SUN.radius * 0.5)) : sky
}

/** The picture of the demo notice, drawn here so that nothing foreign lies in the demo: PNG, 1280×720, 24 bit, the same bytes each time. */
export function drawPoster(): Buffer {
  const rows = Buffer.alloc(HEIGHT * (1 + WIDTH * 3))
  let at = 0
  for (let y = 0; y < HEIGHT; y++) {
    // Filter 0: the row as it is.
    rows[at++] = 0
    for (let x = 0; x < WIDTH; x++) for (const part of colourAt(x, y)) rows[at++] = part
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(WIDTH, 0)
  header.writeUInt32BE(HEIGHT, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'ascii'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
