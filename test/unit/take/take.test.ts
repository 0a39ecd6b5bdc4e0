import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idleTake, isOpen, stepTake, type TakeModel, type TakeStep } from '#common/take/index.ts'

const walk = (...steps: TakeStep[]): TakeModel => steps.reduce(stepTake, idleTake)

describe('the steps of a take', () => {
  it('go from idle over armed, recording, paused and closing to saved', () => {
    const phases: string[] = []
    let take = idleTake
    for (const step of [{ kind: 'arm' }, { kind: 'started', takeId: 'a' }, { kind: 'pause' }, { kind: 'resume' }, { kind: 'stop' }, { kind: 'closed', takeId: 'a', recovered: false }] as const) {
      take = stepTake(take, step)
      phases.push(take.phase)
    }
    expect(phases).toEqual(['armed', 'recording', 'paused', 'recording', 'closing', 'saved'])
  })

  it('end as recovered when the station closed the take by itself', () => {
    expect(walk({ kind: 'arm' }, { kind: 'started', takeId: 'a' }, { kind: 'closed', takeId: 'a', recovered: true }).phase).toBe('recovered')
  })

  it('go on in a new take when the station was restarted', () => {
    const take = walk({ kind: 'arm' }, { kind: 'started', takeId: 'a' }, { kind: 'continued', takeId: 'b' })
    expect(take).toMatchObject({ phase: 'recording', takeId: 'b' })
    expect(stepTake(take, { kind: 'closed', takeId: 'a', recovered: true })).toBe(take)
  })

  it('cannot be disarmed or armed anew while sound is being recorded', () => {
    const take = walk({ kind: 'arm' }, { kind: 'started', takeId: 'a' })
    expect(stepTake(take, { kind: 'disarm' })).toBe(take)
    expect(stepTake(take, { kind: 'arm' })).toBe(take)
  })

  it('never lose an open take except by closing it, whatever comes in whatever order', () => {
    const id = fc.constantFrom('a', 'b')
    const step: fc.Arbitrary<TakeStep> = fc.oneof(
      fc.constantFrom<TakeStep>({ kind: 'arm' }, { kind: 'disarm' }, { kind: 'pause' }, { kind: 'resume' }, { kind: 'stop' }, { kind: 'input', lost: true }, { kind: 'link', lost: true }),
      id.map((takeId): TakeStep => ({ kind: 'started', takeId })), id.map((takeId): TakeStep => ({ kind: 'continued', takeId })), id.map((takeId): TakeStep => ({ kind: 'closed', takeId, recovered: false })),
    )
    fc.assert(fc.property(fc.array(step), (steps) => {
      let take = idleTake
      for (const one of steps) {
        const next = stepTake(take, one)
        if (isOpen(take) && !isOpen(next)) expect(one).toMatchObject({ kind: 'closed', takeId: take.takeId })
        if (isOpen(next)) expect(next.takeId).not.toBeNull()
        take = next
      }
    }))
  })
})
