import type { Clip } from '#common/edl/index.ts'
import { useT } from '../../../i18n/index.ts'
import { useEditor } from '../editor-store.ts'
import { TextButton } from '../parts/text-button.tsx'
import { apply } from '../session.ts'

/** Other sound for the same place: what a punch-in replaced, other takes, and what was there before cleaning or stretching. */
export function ClipVersions(props: { clip: Clip; disabled: boolean }) {
  const t = useT()
  const { clip, disabled } = props
  const sources = useEditor((state) => state.project?.edl.sources) ?? []
  const titleOf = (sourceId: string): string => sources.find((source) => source.id === sourceId)?.title ?? ''
  if (clip.alternatives.length === 0 && clip.original === null) return null
  return (
    <section className="editor-side-block" aria-label={t('editor.versions.title')} data-testid="clip-versions">
      <h3>{t('editor.versions.title')}</h3>
      <ul className="editor-rows">
        {clip.alternatives.length > 0 && <li aria-current="true"><span>{titleOf(clip.sourceId)}</span><span className="dim">{t('editor.versions.inUse')}</span></li>}
        {clip.alternatives.map((other, index) => (
          <li key={`${other.sourceId} ${other.offset} ${other.title}`}>
            <span>{other.title === '' ? titleOf(other.sourceId) : other.title}</span>
            <TextButton disabled={disabled} label={t('editor.versions.useNamed', { title: other.title })} testId="use-alternative" onClick={() => void apply({ op: 'useAlternative', clipId: clip.id, index })}>{t('editor.versions.use')}</TextButton>
          </li>
        ))}
        {clip.original !== null && (
          <li>
            <span>{t('editor.versions.original', { title: titleOf(clip.original.sourceId) })}</span>
            <TextButton disabled={disabled} testId="revert-clip" onClick={() => void apply({ op: 'revertClip', clipId: clip.id })}>{t('editor.versions.revert')}</TextButton>
          </li>
        )}
      </ul>
    </section>
  )
}
