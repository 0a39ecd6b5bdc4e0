import { create } from 'zustand'

export type PageId = 'library' | 'recorder' | 'editor' | 'programme' | 'planning' | 'log' | 'air' | 'fleet' | 'boards' | 'emergency' | 'reports' | 'settings'
export type PageParams = Readonly<Record<string, string>>

interface Navigation {
  readonly page: PageId
  readonly params: PageParams
}
export const useNavigation = create<Navigation>(() => ({ page: 'library', params: {} }))

/** Shows a page; `params` are for the page to read once (`useNavigation((s) => s.params)`), e.g. `go('editor', { itemId })`. */
export function go(page: PageId, params: PageParams = {}): void {
  useNavigation.setState({ page, params })
}
export const useNavigate = (): typeof go => go
