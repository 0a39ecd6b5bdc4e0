import type { DaySpan } from './local-spans.ts'
import type { RuleProfile } from './rules.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
/** QCVN 26: night 21:00–05:00 (bands of the 2025 text unconfirmed, so this is only where a station begins). */
const night: DaySpan = { fromMin: 21 * 60, toMin: 5 * 60 }
const morning: DaySpan = { fromMin: 330, toMin: 390 }
const evening: DaySpan = { fromMin: 1020, toMin: 1080 }
/** Emergencies are exempt by class; these are what the decrees call great events. */
const greatEvents = ['sự kiện lớn']

/** Profiles every station begins with; each unit chooses one and may change it. */
export const shippedProfiles: readonly { readonly key: string; readonly title: string; readonly profile: RuleProfile }[] = [
  // Nghị định 49/2024 as a ward quotes it: 2 × 60 minutes from 05:30 and 17:00 (unconfirmed).
  { key: 'nd49', title: 'Nghị định 49', profile: { windows: [morning, evening], weekdays: everyDay, maxMinutesPerSession: 60, includesRelay: true, maxSessionsPerDay: null, quiet: [night], exemptKinds: greatEvents } },
  // Hà Nội's rule for towns: at most two sessions a day, five days, fifteen minutes each.
  { key: 'do-thi', title: 'Đô thị 15 phút', profile: { windows: [morning, evening], weekdays: [1, 2, 3, 4, 5], maxMinutesPerSession: 15, includesRelay: true, maxSessionsPerDay: 2, quiet: [night], exemptKinds: greatEvents } },
  // … and for the country: forty-five minutes with what is relayed.
  { key: 'nong-thon', title: 'Nông thôn 45 phút', profile: { windows: [morning, evening], weekdays: everyDay, maxMinutesPerSession: 45, includesRelay: true, maxSessionsPerDay: null, quiet: [night], exemptKinds: greatEvents } },
]
