import type { VangxaBridge } from '../../../preload/bridge.ts'

declare global {
  interface Window {
    readonly vangxa: VangxaBridge
  }
}
