import { z } from 'zod'
import { Done, Id, InstantMs, Nothing, Rev, Sha256 } from './shapes.ts'
import { Targets } from './devices.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

export const BoardNotice = z.object({ id: Id, title: z.string().trim().min(1).max(200), body: z.string().max(2000), image: Sha256.nullable(), layer: z.enum(['overlay', 'full']), targets: Targets, fromAt: InstantMs, toAt: InstantMs, state: z.enum(['draft', 'approved', 'shown', 'ended']), rev: Rev })
export type BoardNotice = z.infer<typeof BoardNotice>

/** Pictures: `/files/<ticket>/image/<sha256>`. The kiosk page is `screenUrl`. */
export const screensProcedures = {
  'screens.list': { input: Nothing, output: z.object({ notices: z.array(BoardNotice), screenUrl: z.string() }), role: 'viewer' },
  'screens.importImage': { input: z.object({ path: z.string().max(2000) }), output: z.object({ sha256: Sha256, widthPx: z.number().int(), heightPx: z.number().int() }), role: 'editor' },
  'screens.save': { input: z.object({ noticeId: Id.nullable(), rev: Rev, title: z.string().trim().min(1).max(200), body: z.string().max(2000), image: Sha256.nullable(), layer: z.enum(['overlay', 'full']), targets: Targets, fromAt: InstantMs, toAt: InstantMs }), output: BoardNotice, role: 'editor' },
  'screens.approve': { input: z.object({ noticeId: Id, rev: Rev }), output: BoardNotice, role: 'approver' },
  'screens.end': { input: z.object({ noticeId: Id, rev: Rev }), output: BoardNotice, role: 'editor' },
  'screens.remove': { input: z.object({ noticeId: Id, rev: Rev }), output: Done, role: 'editor' },
} as const satisfies ProcedureTable

export const screensEvents = { 'screens.changed': { payload: z.object({ noticeId: Id }) } } as const satisfies EventTable
