import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { imageFacts } from '../../../main/station/screens/image-facts.ts'

const make = (codec: string, format: string, size = '320x180'): Uint8Array => new Uint8Array(execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `testsrc=size=${size}`, '-frames:v', '1', '-c:v', codec, '-f', format, '-'], { maxBuffer: 1 << 24 }))

describe('pictures by their bytes', () => {
  test('PNG and JPEG tell their size', () => {
    expect(imageFacts(make('png', 'image2pipe'))).toEqual({ mime: 'image/png', widthPx: 320, heightPx: 180 })
    expect(imageFacts(make('mjpeg', 'image2pipe', '96x200'))).toEqual({ mime: 'image/jpeg', widthPx: 96, heightPx: 200 })
  })

  test('WebP of each kind tells its size', () => {
    const lossy = make('libwebp', 'image2pipe', '64x48')
    expect(imageFacts(lossy)).toEqual({ mime: 'image/webp', widthPx: 64, heightPx: 48 })
    const lossless = new Uint8Array(execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=50x40', '-frames:v', '1', '-c:v', 'libwebp', '-lossless', '1', '-f', 'image2pipe', '-']))
    expect(imageFacts(lossless)).toMatchObject({ mime: 'image/webp', widthPx: 50, heightPx: 40 })
  })

  test('a picture that was cut off is none, at whatever byte', () => {
    for (const whole of [make('png', 'image2pipe'), make('mjpeg', 'image2pipe'), make('libwebp', 'image2pipe')]) {
      for (const part of [0.1, 0.5, 0.9, 0.99]) expect(imageFacts(whole.subarray(0, Math.floor(whole.length * part)))).toBeNull()
    }
  })

  test('other files are none, whatever they are called', () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(100), new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"></svg>'.repeat(5)), new TextEncoder().encode('GIF89a'.padEnd(200, 'x'))]) expect(imageFacts(bytes)).toBeNull()
  })
})
