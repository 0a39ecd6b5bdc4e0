import { describe, expect, it } from 'vitest'
import { mountOf, parseMounts } from '../../../main/station/library/drives.ts'

/** Lines of a desktop with a stick, a card with a blank in its name, a share and a bind mount. */
const mountinfo = `22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
24 22 0:22 / /proc rw,nosuid shared:5 - proc proc rw
41 22 259:3 / /home rw,relatime shared:20 - ext4 /dev/nvme0n1p3 rw
90 22 8:17 / /media/lan/USB rw,nosuid shared:60 - vfat /dev/sdb1 rw,uid=1000
91 22 179:1 / /run/media/lan/THẺ\\040ĐÀI rw shared:61 - exfat /dev/mmcblk0p1 rw
95 22 0:51 / /mnt/dai rw,relatime shared:70 - cifs //may-chu/dai rw
a line that is no mount
`

describe('the mounts of Linux', () => {
  const mounts = parseMounts(mountinfo)
  it('are read with their type and device, blanks and all, and what is no mount is passed over', () => {
    expect(mounts.length).toBe(6)
    expect(mounts[3]).toEqual({ point: '/media/lan/USB', type: 'vfat', device: '8:17' })
    expect(mounts[4]?.point).toBe('/run/media/lan/THẺ ĐÀI')
  })
  it('hold a path by the longest one above it, never by half a name', () => {
    expect(mountOf(mounts, '/media/lan/USB/tin/a.wav')?.type).toBe('vfat')
    expect(mountOf(mounts, '/media/lan/USB2/a.wav')?.point).toBe('/')
    expect(mountOf(mounts, '/mnt/dai')?.type).toBe('cifs')
    expect(mountOf(mounts, '/home/lan/a.wav')?.device).toBe('259:3')
    expect(mountOf([], '/home')).toBeNull()
  })
})
