import { CleanupDialog } from './cleanup-dialog.tsx'
import { LevelDialog } from './level-dialog.tsx'

/** The dialogs of sound; closed until somebody asks. */
export function SoundDialogs() {
  return (
    <>
      <CleanupDialog />
      <LevelDialog />
    </>
  )
}
