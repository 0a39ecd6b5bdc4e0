import { CloseButton, Progress } from '@mantine/core'
import { IconLifebuoy } from '@tabler/icons-react'
import { useT } from '../../i18n/index.ts'
import { lengthText } from '../../i18n/formats.ts'
import { dismissLeftSound, useLeftSound } from './left-sound.ts'

/** What became of sound that waited in a window that was killed: on its way, joined to its take, or still safe here. */
export function LeftSoundNote() {
  const t = useT()
  const list = useLeftSound((state) => state.list)
  if (list.length === 0) return null
  return (
    <div className="recorder-left-sound" role="status" data-testid="left-sound">
      {list.map((one) => (
        <div key={one.takeId} className={`recorder-left-one ${one.state}`} data-state={one.state}>
          <IconLifebuoy size={20} aria-hidden />
          <div>
            <strong>{t(`recorder.leftSound.${one.state}.happened`, { length: lengthText(one.state === 'sending' ? one.of : one.frames), title: one.title, part: one.part })}</strong>{' '}
            {t(`recorder.leftSound.${one.state}.safe`, { part: one.part })}
            {one.why !== null && <> {t(one.why === 'disk-full' ? 'recorder.leftSound.why.disk' : one.why === 'not-signed-in' || one.why === 'forbidden' ? 'recorder.leftSound.why.person' : 'recorder.leftSound.why.link')}</>}
            {one.state === 'sending' && <Progress size="sm" mt={4} value={one.of === 0 ? 100 : (one.frames / one.of) * 100} aria-label={t('recorder.leftSound.progress')} />}
          </div>
          {one.state === 'joined' && <CloseButton size="sm" aria-label={t('app.close')} onClick={() => dismissLeftSound(one.takeId)} data-testid="left-sound-seen" />}
        </div>
      ))}
    </div>
  )
}
