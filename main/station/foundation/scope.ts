import type { Scope } from '../context.ts'

type End = () => void | Promise<void>

/**
 * One tree of owned things. Ends run in reverse order of registration, one after another; an end that fails is reported and the rest still run.
 * @param onError gets what a timer or an end threw; must not throw
 */
export function createScope(name: string, onError: (scope: string, error: unknown) => void): Scope {
  const ends = new Set<End>()
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
    try {
      await end()
    } catch (error) {
      onError(name, error)
    }
  }

  const scope: Scope = {
    get disposed() {
      return disposed
    },
    add(end) {
      // Something opened while the owner was closing must not outlive it.
      if (disposed) void runEnd(end)
      else ends.add(end)
    },
    every(intervalMs, run) {
      if (disposed) return
      const timer = setInterval(() => guard(run), intervalMs)
      ends.add(() => clearInterval(timer))
    },
    after(delayMs, run) {
      if (disposed) return () => undefined
      const end = () => clearTimeout(timer)
      const timer = setTimeout(() => {
        ends.delete(end)
        guard(run)
      }, delayMs)
      ends.add(end)
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
        const list = [...ends].reverse()
        ends.clear()
        for (const end of list) await runEnd(end)
      })()
      return disposing
    },
  }
  return scope
}
