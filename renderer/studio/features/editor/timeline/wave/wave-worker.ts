import { useNavigation } from '../../../../app/navigation/index.ts'
import type { FromWave, ToWave } from './messages.ts'

/** One Worker for all waves of this window. It is started when the editor is first gone to, so that opening a project does not wait for it. */
type Answer = (message: FromWave) => void
const answers = new Map<number, Answer>()
let worker: Worker | null = null
let next = 0

function theWorker(): Worker {
  if (worker !== null) return worker
  const made = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'waves' })
  made.onmessage = (event: MessageEvent<FromWave>) => answers.get(event.data.id)?.(event.data)
  worker = made
  return made
}

useNavigation.subscribe(({ page }) => {
  if (page === 'editor') theWorker()
})

export const tellWaves = (message: ToWave): void => theWorker().postMessage(message)

/** `forget` ends it: no answer is heard any more and the reading is given up. */
export function askWaves(make: (id: number) => ToWave, answer: Answer): { readonly id: number; forget(): void } {
  const id = ++next
  answers.set(id, answer)
  tellWaves(make(id))
  return {
    id,
    forget: () => {
      if (answers.delete(id)) tellWaves({ kind: 'cancel', id })
    },
  }
}
