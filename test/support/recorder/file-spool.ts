import { closeSync, fstatSync, ftruncateSync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spoolOn, type Spool } from '../../../renderer/studio/audio/capture/spool.ts'

/** The spool of the capture Worker on a real file, for a capture client outside a browser. */
export function fileSpool(): Disposable & { readonly spool: Spool; bytes(): number } {
  const path = join(tmpdir(), `vangxa-spool-${process.pid}-${Math.random().toString(36).slice(2)}`)
  const file = openSync(path, 'w+')
  const spool = spoolOn({
    read: (buffer, { at }) => readSync(file, buffer, 0, buffer.length, at),
    write: (buffer, { at }) => writeSync(file, buffer, 0, buffer.length, at),
    truncate: (size) => ftruncateSync(file, size),
    flush: () => fsyncSync(file),
    close: () => closeSync(file),
  })
  return {
    spool,
    bytes: () => fstatSync(file).size,
    [Symbol.dispose]() {
      spool.close()
      rmSync(path, { force: true })
    },
  }
}
