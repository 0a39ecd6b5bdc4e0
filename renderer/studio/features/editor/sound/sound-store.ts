import { create } from 'zustand'

/** What of the sound tools is open in this window. The clean-up opens by the desk's own dialog, the levelling by this. */
export const useSoundTools = create<{ readonly levelOpen: boolean }>(() => ({ levelOpen: false }))
export const openLevelling = (): void => useSoundTools.setState({ levelOpen: true })
export const closeLevelling = (): void => useSoundTools.setState({ levelOpen: false })
