import { create } from 'zustand'
import { translate } from '../../../i18n/index.ts'
import { showEditor } from '../editor-store.ts'
import { player } from '../transport.ts'

/** What of the sound tools is open in this window, and through which horn it listens. The clean-up opens by the desk's own dialog, the levelling by this. */
interface SoundTools {
  readonly levelOpen: boolean
  readonly hornOn: boolean
  readonly hornWatts: number
}
export const useSoundTools = create<SoundTools>(() => ({ levelOpen: false, hornOn: false, hornWatts: 50 }))
export const openLevelling = (): void => useSoundTools.setState({ levelOpen: true })
export const closeLevelling = (): void => useSoundTools.setState({ levelOpen: false })

/** Only this room hears it: export and air are not touched. */
export function hearHorn(change: Partial<Pick<SoundTools, 'hornOn' | 'hornWatts'>>): void {
  useSoundTools.setState(change)
  const { hornOn, hornWatts } = useSoundTools.getState()
  player.monitor.setHorn(hornOn ? hornWatts : null)
}
export function toggleHorn(): void {
  const hornOn = !useSoundTools.getState().hornOn
  hearHorn({ hornOn })
  showEditor({ said: translate(hornOn ? 'sound.horn.on' : 'sound.horn.off') })
}
