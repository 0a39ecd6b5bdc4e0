import { expect, test } from 'vitest'
import { clockOf, readClock, readLength } from '../../../renderer/studio/features/programme/times.ts'

test('times of day are read as people write them, and nothing else is', () => {
  expect(['17:00', '5:30', '17h30', '05:30:15', '23:59:59'].map(readClock)).toEqual([61_200, 19_800, 63_000, 19_815, 86_399])
  expect(['24:00', '17:60', '17', 'chiều', '', '1:2'].map(readClock)).toEqual([null, null, null, null, null, null])
  expect([61_200, 86_400 + 5, 86_399.9].map(clockOf)).toEqual(['17:00:00', '00:00:05', '23:59:59'])
})

test('a single number is minutes, with a colon minutes and seconds', () => {
  expect(['15', '15:00', '0:45', '1:05:30'].map(readLength)).toEqual([900, 900, 45, 3930].map((seconds) => seconds * 48_000))
  expect(['0', '0:00', '5:60', '1:2:3:4', 'x', '', '25:00:00'].map(readLength)).toEqual([null, null, null, null, null, null, null])
})
