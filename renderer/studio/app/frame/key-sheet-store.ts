import { create } from 'zustand'

export const useKeySheet = create<{ readonly open: boolean }>(() => ({ open: false }))
