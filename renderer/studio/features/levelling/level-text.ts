import type { LevelRow } from '#contract/sound.ts'
import { decibelText } from '../../i18n/formats.ts'
import { translate } from '../../i18n/index.ts'

const signed = (db: number): string => `${db > 0 ? '+' : ''}${decibelText(db)}`.replace('-', '−')

/** What was done, in one line: "+6,5 dB · bộ hạn đỉnh chạm 14 đỉnh · −23,0 LUFS · −1,2 dBTP". */
export function levelText(row: LevelRow): string {
  if (row.outcome === 'undefined') return translate('sound.level.undefined')
  return [
    `${signed(row.gainDb)} dB`, row.outcome === 'limited' ? translate('sound.level.limited', { count: row.peaks }) : translate('sound.level.static'),
    `${decibelText(row.after.integratedLufs).replace('-', '−')} LUFS`, `${decibelText(row.after.truePeakDbtp).replace('-', '−')} dBTP`,
  ].join(' · ')
}
export { signed as signedDecibels }
