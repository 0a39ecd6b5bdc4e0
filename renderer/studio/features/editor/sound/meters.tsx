import { useEffect, useMemo, useState } from 'react'
import { Button } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { decibelText, secondsText } from '../../../i18n/formats.ts'
import { useStationQuery } from '../../../app/station-client/index.ts'
import { LevelMeter, StateBadge } from '../../../ui/index.ts'
import { player } from '../transport.ts'
import { LoudnessBar } from './loudness-bar.tsx'
import { MeterView } from './meter-view.ts'
import type { MeterFigures } from './meter-view.ts'

const WIDTH = 268
/** Numbers an eye can read; the bars move with every frame. */
const FIGURES_EVERY_MS = 125
const lufs = (value: number): string => (Number.isNaN(value) ? '–' : value === -Infinity ? '−∞' : decibelText(value))

/** What is heard now: sample peaks with hold, loudness by EBU R 128, true peak, clips that stay until someone has seen them. */
export function EditorMeters() {
  const t = useT()
  const view = useMemo(() => new MeterView(player.monitor), [])
  const settings = useStationQuery('settings.get', {}, { events: ['settings.changed'] })
  const [figures, setFigures] = useState<MeterFigures>(() => view.figures())
  useEffect(() => {
    const timer = setInterval(() => setFigures(view.figures()), FIGURES_EVERY_MS)
    return () => clearInterval(timer)
  }, [view])
  const rows = [
    ['momentary', lufs(figures.momentary), 'LUFS'], ['shortTerm', lufs(figures.shortTerm), 'LUFS'], ['integrated', lufs(figures.integrated), 'LUFS'], ['range', lufs(figures.range), 'LU'], ['truePeak', lufs(figures.truePeakDbtp), 'dBTP'],
  ] as const
  const targetLufs = settings.data?.targetLufs ?? -16
  return (
    <section className="editor-side-block sound-meters" aria-label={t('sound.meters.title')} data-testid="editor-meters">
      <h3>{t('sound.meters.title')}</h3>
      <LevelMeter width={WIDTH} height={44} scale label={t('sound.meters.peaks')} read={() => view.step(performance.now())} />
      <LoudnessBar view={view} width={WIDTH} height={26} targetLufs={targetLufs} label={t('sound.meters.loudness', { target: decibelText(targetLufs) })} />
      <dl className="sound-figures">
        {rows.map(([name, value, unit]) => (
          <div key={name}>
            <dt title={t(`sound.meters.${name}Why`)}>{t(`sound.meters.${name}`)}</dt>
            <dd data-testid={`meter-${name}`}>{value} <span className="dim">{unit}</span></dd>
          </div>
        ))}
      </dl>
      <div className="sound-clips">
        {figures.clips === 0
          ? <StateBadge tone="ok" data-testid="meter-clips">{t('sound.meters.noClips')}</StateBadge>
          : <StateBadge tone="bad" data-testid="meter-clips">{t('sound.meters.clips', { count: figures.clips, at: secondsText(figures.lastClipSeconds ?? 0) })}</StateBadge>}
        <Button size="compact-xs" variant="default" onClick={() => player.monitor.reset()} data-testid="meter-reset">{t('sound.meters.reset')}</Button>
      </div>
    </section>
  )
}
