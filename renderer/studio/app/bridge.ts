/** Brings the bridge's own declaration of `window.vangxa` into the window's program. */
export type { VangxaBridge } from '../../../preload/bridge.ts'
