import type { ParsedInput, ProcedureName, ProcedureOutput } from '#contract/index.ts'
import { AppError } from '#contract/errors.ts'
import type { Caller, Handlers, Room } from '../context.ts'
import { demoSignIn } from './area.ts'

/** Calls a procedure as the demo's administrator: the demo goes through the same doors as a person. */
export class DemoPerson {
  readonly #handlers: Handlers
  readonly caller: Caller
  constructor(rooms: readonly Room[], personId: string | null) {
    this.#handlers = Object.assign({}, ...rooms.map((room) => room.handlers))
    this.caller = { connectionId: 'demo', personId, name: demoSignIn.fullName, may: () => true }
  }
  async do<N extends ProcedureName>(procedure: N, input: ParsedInput<N>): Promise<ProcedureOutput<N>> {
    const handler = this.#handlers[procedure]
    if (handler === undefined) throw new AppError('unknown-procedure', { data: { procedure } })
    return handler(input, this.caller)
  }
}
