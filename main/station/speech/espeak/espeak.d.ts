declare module '@echogarden/espeak-ng-emscripten' {
  interface Speaker {
    set_voice(name: string): number
    set_rate(wordsPerMinute: number): number
    get_samplerate(): number
    synthesize(text: string, onAudio: (audio: Int16Array, events: readonly unknown[]) => boolean): void
  }
  export default function initialise(): Promise<{ eSpeakNGWorker: new () => Speaker | Promise<Speaker> }>
}
