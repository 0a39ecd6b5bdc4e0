import { describe, expect, it } from 'vitest'
import { canonicalJson, openAuditChain } from '../../../main/station/audit/chain.ts'
import { openTestContext } from '../../support/context.ts'

const who = { personId: '01ARZ3NDEKTSV4RRFFQ69G5FAV', name: 'Nguyễn Thị Quản' }

describe('the audit chain', () => {
  it('is intact after any number of rows, also across a restart', async () => {
    await using ctx = await openTestContext()
    const chain = openAuditChain(ctx.db, ctx.clock)
    expect(await chain.verify()).toEqual({ intact: true, entries: 0, brokenAtSeq: null })
    for (let n = 0; n < 4100; n++) chain.append(n % 2 === 0 ? who : { personId: null, name: 'watch folder' }, 'library.approve', `item ${n}`, { n, nested: { b: [1, null], a: 'Đ' } })
    expect(await openAuditChain(ctx.db, ctx.clock).verify()).toEqual({ intact: true, entries: 4100, brokenAtSeq: null })
    expect(chain.list(11, 3).map(entry => entry.seq)).toEqual([10, 9, 8])
  })

  it('goes away with the transaction it was written in, and only then', async () => {
    await using ctx = await openTestContext()
    expect(() => ctx.db.transaction(() => {
      ctx.audit.append(who, 'log.add', 'line')
      throw new Error('undo')
    })()).toThrow('undo')
    ctx.audit.append(who, 'log.add', 'other line')
    expect(await openAuditChain(ctx.db, ctx.clock).verify()).toEqual({ intact: true, entries: 1, brokenAtSeq: null })
  })

  it('refuses to change or remove a row', async () => {
    await using ctx = await openTestContext()
    ctx.audit.append(who, 'a', 'b')
    expect(() => ctx.db.prepare(`UPDATE audit SET who = 'x'`).run()).toThrow(/append-only/)
    expect(() => ctx.db.prepare('DELETE FROM audit').run()).toThrow(/append-only/)
  })

  it.each([
    ['changed', `UPDATE audit SET subject = 'item 99' WHERE seq = 5`, 5],
    ['taken out', 'DELETE FROM audit WHERE seq = 5', 6],
    ['made another person\'s', 'UPDATE audit SET person_id = NULL WHERE seq = 5', 5],
    ['moved', 'UPDATE audit SET seq = 105 WHERE seq = 5', 6],
    ['given another hash', `UPDATE audit SET hash = '${'a'.repeat(64)}' WHERE seq = 5`, 5],
  ])('shows the row that was %s by someone who removed the triggers', async (_, sql, brokenAtSeq) => {
    await using ctx = await openTestContext()
    const chain = openAuditChain(ctx.db, ctx.clock)
    for (let n = 1; n <= 9; n++) chain.append(who, 'action', `item ${n}`)
    ctx.db.exec(`DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; ${sql}`)
    expect(await chain.verify()).toMatchObject({ intact: false, brokenAtSeq })
  })

  it('has one text for equal content', () => {
    expect(canonicalJson({ b: 1, a: { d: undefined, c: [undefined, 'x'] } })).toBe('{"a":{"c":[null,"x"]},"b":1}')
    expect(canonicalJson({ a: { c: [null, 'x'] }, b: 1 })).toBe('{"a":{"c":[null,"x"]},"b":1}')
  })
})
