import { execFile } from 'node:child_process'
import { readFile, realpath } from 'node:fs/promises'
import { dirname, join, parse } from 'node:path'
import { promisify } from 'node:util'

/** `fixed`: built in, there whenever the station is. */
export type Drive = 'fixed' | 'removable' | 'network' | 'unknown'

interface Mount {
  readonly point: string
  readonly type: string
  /** Device number, `8:17`. */
  readonly device: string
}
const execute = promisify(execFile)
const networkTypes = /^(nfs\d?|cifs|smb\w*|9p|afs|ceph|glusterfs|davfs\d?|fuse\.(sshfs|rclone|davfs\w*|gvfsd?-\w+|s3fs))$/
const discs = /^(iso9660|udf)$/

/** `/proc/self/mountinfo` (proc(5)): a blank, a tab, a line end and a backslash in names are `\040`, `\011`, `\012`, `\134`; all else stands as it is. */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [facts = '', rest = ''] = line.split(' - ')
    const [, , device, , point] = facts.split(' ')
    const [type] = rest.split(' ')
    if (device === undefined || point === undefined || type === undefined || type === '') return []
    return [{ device, type, point: point.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))) }]
  })
}

/** The mount that holds a path: the longest one above it. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | null {
  const above = mounts.filter(({ point }) => point === '/' || path === point || path.startsWith(`${point}/`))
  return above.reduce<Mount | null>((best, mount) => (best === null || mount.point.length >= best.point.length ? mount : best), null)
}

/** A partition says it in its disk; what hangs on a USB cable can be pulled, whatever it says of itself. */
async function isPluggable(device: string): Promise<boolean> {
  const way = await realpath(join('/sys/dev/block', device)).catch(() => null)
  if (way === null) return false
  if (/\/usb\d/.test(way)) return true
  for (const folder of [way, dirname(way)]) if ((await readFile(join(folder, 'removable'), 'utf8').catch(() => '')).trim() === '1') return true
  return false
}

async function linuxDrive(path: string): Promise<Drive> {
  const mount = mountOf(parseMounts(await readFile('/proc/self/mountinfo', 'utf8')), path)
  if (mount === null) return 'unknown'
  if (networkTypes.test(mount.type)) return 'network'
  if (discs.test(mount.type) || /^(\/run)?\/media\//.test(mount.point) || (await isPluggable(mount.device))) return 'removable'
  return 'fixed'
}

/** Win32_LogicalDisk.DriveType: 2 removable, 3 fixed, 4 network, 5 disc. */
const windowsTypes: Readonly<Record<string, Drive>> = { 2: 'removable', 3: 'fixed', 4: 'network', 5: 'removable' }
async function windowsDrive(path: string): Promise<Drive> {
  if (path.startsWith('\\\\')) return 'network'
  const letter = parse(path).root.slice(0, 2).toUpperCase()
  if (!/^[A-Z]:$/.test(letter)) return 'unknown'
  const { stdout } = await execute('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', `(Get-CimInstance Win32_LogicalDisk -Filter "DeviceID='${letter}'").DriveType`], { timeout: 8_000, windowsHide: true })
  return windowsTypes[stdout.trim()] ?? 'unknown'
}

/** On what kind of disk a path lies. Never throws: what cannot be told is `unknown`. */
export async function driveOf(path: string): Promise<Drive> {
  try {
    const real = await realpath(path).catch(() => path)
    if (process.platform === 'linux') return await linuxDrive(real)
    if (process.platform === 'win32') return await windowsDrive(real)
    if (process.platform === 'darwin') return real.startsWith('/Volumes/') ? 'removable' : 'fixed'
  } catch {
    // A disk that was pulled just now, a shell that is forbidden: told as unknown.
  }
  return 'unknown'
}
