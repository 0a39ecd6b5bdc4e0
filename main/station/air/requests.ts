import { AppError } from '#contract/errors.ts'
import type { Scope } from '../context.ts'
import type { FromAir } from './messages.ts'

/** The audio thread answers within a block or two; one that does not is held up. */
const TIMEOUT_MS = 3_000

/** Questions to the audio thread that wait for their answer. */
export class Requests {
  private readonly waiting = new Map<string, (message: FromAir) => void>()
  private readonly scope: Scope

  constructor(scope: Scope) {
    this.scope = scope
  }

  /** @throws AppError busy when no answer comes */
  ask(id: string, send: () => void): Promise<FromAir> {
    return new Promise((resolve, reject) => {
      const cancel = this.scope.after(TIMEOUT_MS, () => {
        this.waiting.delete(id)
        reject(new AppError('busy'))
      })
      this.waiting.set(id, (message) => {
        cancel()
        this.waiting.delete(id)
        resolve(message)
      })
      send()
    })
  }

  /** A second answer to the same question (a pending order that is done now) finds nobody waiting. */
  answer(id: string, message: FromAir): void {
    this.waiting.get(id)?.(message)
  }
}
