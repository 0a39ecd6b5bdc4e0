import { create } from 'zustand'

type Scheme = 'light' | 'dark'
/** Asked for by the action table; `ColorSchemeOwner` in the status bar carries it out through Mantine. */
export const useWantedScheme = create<{ readonly wanted: Scheme | null }>(() => ({ wanted: null }))

export function toggleColorScheme(): void {
  const dark = document.documentElement.dataset.mantineColorScheme === 'dark'
  useWantedScheme.setState({ wanted: dark ? 'light' : 'dark' })
}
