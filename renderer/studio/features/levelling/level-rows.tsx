import type { LevelRow, SoundReport } from '#contract/sound.ts'
import { useT } from '../../i18n/index.ts'
import { decibelText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'
import { levelText, signedDecibels } from './level-text.ts'
import './levelling.css'

/** A list that may be longer than its place: the keyboard must be able to scroll it. */
const scrollable = { tabIndex: 0 }

/** What was measured and what would be done, a line for each; the sentence of it for one alone. */
export function LevelRows(props: { report: SoundReport }) {
  const t = useT()
  const { report } = props
  const rows: readonly LevelRow[] = report.kind === 'project' ? [report.row] : report.kind === 'treated' ? [] : report.rows
  const [only] = rows
  return (
    <div className="level-scroll" {...scrollable} role="region" aria-label={t('sound.level.results')} data-testid="level-rows">
      {rows.length === 1 && only !== undefined && <p data-testid="level-sentence"><b>{levelText(only)}</b></p>}
      <table className="level-rows">
        <thead><tr>{(['name', 'before', 'peak', 'gain', 'outcome'] as const).map((column) => <th key={column} scope="col">{t(`sound.level.columns.${column}`)}</th>)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <td>{row.title}</td>
              <td className="number">{decibelText(row.before.integratedLufs)}</td>
              <td className="number">{decibelText(row.before.truePeakDbtp)}</td>
              <td className="number">{row.outcome === 'undefined' ? '–' : signedDecibels(row.gainDb)}</td>
              <td><StateBadge tone={row.outcome === 'static' ? 'ok' : row.outcome === 'limited' ? 'warn' : 'idle'}>{row.outcome === 'limited' ? t('sound.level.limited', { count: row.peaks }) : t(`sound.level.outcomes.${row.outcome}`)}</StateBadge></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
