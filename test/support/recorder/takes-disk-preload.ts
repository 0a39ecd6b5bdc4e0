import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { sep } from 'node:path'
import { badDisk } from './bad-disk.ts'

/**
 * Loaded before a station (`node --import`): the files of its takes lie on a disk with manners, which its parent orders by messages `{ roomBytes }`
 * (null = as much as the real disk has). Everything else is as it is.
 */
const real = fs.promises.open
const disk = badDisk(real)
const isTake = (path: string): boolean => path.includes(`${sep}takes${sep}`) && path.endsWith('.wav')
Object.assign(fs.promises, { open: (...args: Parameters<typeof real>) => (isTake(String(args[0])) ? disk.open(...args) : real(...args)) })
syncBuiltinESMExports()
process.on('message', (order) => {
  if (typeof order !== 'object' || order === null || !('roomBytes' in order)) return
  disk.room(typeof order.roomBytes === 'number' ? order.roomBytes : Infinity)
})
// The station does not wait for orders.
process.channel?.unref()
