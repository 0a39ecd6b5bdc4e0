/** Where the sound of a radio goes. `at` = output sample of the first one; figures travel along for side files. */
export interface Sink {
  write(at: number, block: Int16Array, silent: boolean, stats: Record<string, number>): void
  close(stats: Record<string, number>): void
}
