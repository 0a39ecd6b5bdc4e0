/** Samples on a buffer of their own, which can be handed over to another thread: the sender's when they are all of it, else a copy. */
export function wholeBuffer(pcm: Float32Array): Float32Array<ArrayBuffer> {
  return pcm.buffer instanceof ArrayBuffer && pcm.byteLength === pcm.buffer.byteLength ? new Float32Array(pcm.buffer) : new Float32Array(pcm)
}
