import { closeSync, fstatSync, ftruncateSync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spoolOn, type Spool, type SyncFile } from '../../../renderer/studio/audio/capture/spool.ts'

/** The spool of the capture Worker on a real file, for a capture client outside a browser. */
export function fileSpool(): Disposable & { readonly spool: Spool; readonly file: SyncFile; bytes(): number } {
  const path = join(tmpdir(), `vangxa-spool-${process.pid}-${Math.random().toString(36).slice(2)}`)
  const file = openSync(path, 'w+')
  const onDisk: SyncFile = {
    read: (buffer, { at }) => readSync(file, buffer, 0, buffer.length, at),
    write: (buffer, { at }) => writeSync(file, buffer, 0, buffer.length, at),
    truncate: (size) => ftruncateSync(file, size),
    flush: () => fsyncSync(file),
    close: () => closeSync(file),
  }
  const spool = spoolOn(onDisk)
  return {
    spool,
    file: onDisk,
    bytes: () => fstatSync(file).size,
    [Symbol.dispose]() {
      spool.close()
      rmSync(path, { force: true })
    },
  }
}
