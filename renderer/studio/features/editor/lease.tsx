import { useMay } from '../../app/station-client/index.ts'

/** May this window change the open project? */
export const useMayEdit = (): boolean => useMay('editor')
export const isLeased = (): boolean => false
export function LeaseState() {
  return null
}
