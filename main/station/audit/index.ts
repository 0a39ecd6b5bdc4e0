import type { Room } from '../context.ts'
import type { AuditChain } from './chain.ts'

/** Reading the audit chain; everybody writes to it through `ctx.audit`. */
export function openAudit(chain: AuditChain): Room {
  return {
    handlers: {
      'audit.list': ({ beforeSeq, limit }) => ({ entries: chain.list(beforeSeq, limit) }),
      'audit.verify': () => chain.verify(),
    },
  }
}
