import type { Scope } from '../context.ts'

const SLOW_END_MS = 3000
type End = () => void | Promise<void>

/**
 * One tree of owned things. Ends run in reverse order of registration, one after another; an end that fails is reported and the rest still run.
 * @param onError gets what a timer or an end threw; must not throw
 */
export function createScope(name: string, onError: (scope: string, error: unknown) => void): Scope {
  /** With where each was registered: the one place to look when a station does not close. */
  const ends = new Map<End, Error>()
  const own = (end: End) => ends.set(end, new Error('registered here'))
  let disposing: Promise<void> | null = null
  let disposed = false

  const guard = (run: () => void) => {
    try {
      run()
    } catch (error) {
      onError(name, error)
    }
  }
  const runEnd = async (end: End) => {
    const slow = setTimeout(() => onError(name, new Error('an end is slow', { cause: ends.get(end) })), SLOW_END_MS)
    try {
      await end()
    } catch (error) {
      onError(name, error)
    } finally {
      clearTimeout(slow)
    }
  }

  const scope: Scope = {
    get disposed() {
      return disposed
    },
    add(end) {
      // Something opened while the owner was closing must not outlive it.
      if (disposed) void runEnd(end)
      else own(end)
    },
    every(intervalMs, run) {
      if (disposed) return
      const timer = setInterval(() => guard(run), intervalMs)
      own(() => clearInterval(timer))
    },
    after(delayMs, run) {
      if (disposed) return () => undefined
      const end = () => clearTimeout(timer)
      const timer = setTimeout(() => {
        ends.delete(end)
        guard(run)
      }, delayMs)
      own(end)
      return () => {
        ends.delete(end)
        end()
      }
    },
    child(childName) {
      const child = createScope(`${name}/${childName}`, onError)
      const end = () => child.dispose()
      // A child closed by its own owner leaves nothing behind in the parent.
      child.add(() => {
        ends.delete(end)
      })
      scope.add(end)
      return child
    },
    dispose() {
      disposing ??= (async () => {
        disposed = true
        for (const end of [...ends.keys()].reverse()) {
          await runEnd(end)
          ends.delete(end)
        }
      })()
      return disposing
    },
  }
  return scope
}
