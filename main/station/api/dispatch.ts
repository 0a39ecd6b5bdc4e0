import { AppError } from '#contract/errors.ts'
import { procedures } from '#contract/index.ts'
import type { ProcedureName, Procedures } from '#contract/index.ts'
import { parseBy } from '#contract/parsing.ts'
import type { Caller, Handler, Handlers, Logger } from '../context.ts'
import { asAppError } from '../foundation/failures.ts'

/** One call from a window. @throws AppError only: everything else has been logged and became `internal`. */
export type Dispatch = (procedure: string, input: unknown, caller: Caller) => Promise<unknown>
type Bound = (input: unknown, caller: Caller) => Promise<unknown>

/** Calls slower than this are named in the log; the station's main thread also feeds captures and windows. */
const SLOW_MS = 1000

const names = Object.keys(procedures).filter((name): name is ProcedureName => Object.hasOwn(procedures, name))

function bind<N extends ProcedureName>(name: N, handler: Handler<N>): Bound {
  const schema = procedures[name]
  return async (raw, caller) => {
    const output = await handler(parseBy<Procedures[N]['input']>(schema.input, raw), caller)
    const checked = schema.output.safeParse(output)
    if (!checked.success) throw new Error(`${name} answered against the contract: ${checked.error.message}`)
    return checked.data
  }
}

function bindFrom<N extends ProcedureName>(name: N, handlers: Handlers): Bound | null {
  const handler = handlers[name]
  return handler === undefined ? null : bind(name, handler)
}

/**
 * One table of everything that can be called.
 * @param options.missing `fail` = a procedure of the contract without handler stops the start; an error code = such calls are answered with it (safe mode)
 * @throws Error for a double or missing handler
 */
export function createDispatch(rooms: readonly { readonly handlers: Handlers }[], options: { logger: Logger; missing: 'fail' | 'database-corrupt' | 'database-newer' | 'disk-full' }): Dispatch {
  const table = new Map<string, Bound>()
  for (const room of rooms) {
    for (const name of names) {
      const bound = bindFrom(name, room.handlers)
      if (bound === null) continue
      if (table.has(name)) throw new Error(`two handlers for ${name}`)
      table.set(name, bound)
    }
    const strange = Object.keys(room.handlers).filter(name => !Object.hasOwn(procedures, name))
    if (strange.length > 0) throw new Error(`not in the contract: ${strange.join(', ')}`)
  }
  const missing = names.filter(name => !table.has(name))
  if (options.missing === 'fail' && missing.length > 0) throw new Error(`no handler for ${missing.join(', ')}`)

  return async (procedure, input, caller) => {
    const name = names.find(known => known === procedure)
    if (name === undefined) throw new AppError('unknown-procedure', { data: { procedure: procedure.slice(0, 80) } })
    const { role } = procedures[name]
    if (role !== 'open' && caller.personId === null) throw new AppError(options.missing === 'fail' ? 'not-signed-in' : options.missing)
    if (!caller.may(role)) throw new AppError('forbidden', { data: { role } })
    const bound = table.get(name)
    if (bound === undefined) throw new AppError(options.missing === 'fail' ? 'unknown-procedure' : options.missing, { data: { procedure: name } })
    const startedMs = performance.now()
    try {
      return await bound(input, caller)
    } catch (error) {
      const failure = asAppError(error)
      if (failure.code === 'internal' || failure.code === 'database-corrupt') options.logger.error('a call failed', { procedure: name, person: caller.name, error })
      throw failure
    } finally {
      const tookMs = performance.now() - startedMs
      if (tookMs > SLOW_MS) options.logger.warn('a slow call', { procedure: name, tookMs: Math.round(tookMs) })
    }
  }
}
