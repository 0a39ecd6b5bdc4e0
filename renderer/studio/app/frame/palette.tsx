import { Spotlight } from '@mantine/spotlight'
import { fold } from '#common/text/index.ts'
import { useT } from '../../i18n/index.ts'
import { canRun, keyIn, runAction, shortcutText, useActionTable, useKeyMap } from '../actions/index.ts'
import { Kbd } from '../../ui/index.ts'
import { HelpSheet } from './help-sheet.tsx'
import { KeySheet } from './key-sheet.tsx'

/** Command palette and key sheet: two views of the one action table. */
export function Palette() {
  const t = useT()
  const actions = useActionTable((state) => state.actions)
  const map = useKeyMap()
  const keyText = (combo: string | null) => (combo === null ? undefined : <Kbd>{shortcutText(combo)}</Kbd>)
  return (
    <>
      <Spotlight
        actions={[...actions.values()].filter(canRun).map((action) => ({ id: action.id, label: t(action.labelKey), keywords: [fold(t(action.labelKey))], rightSection: keyText(keyIn(map, action)), onClick: () => void runAction(action) }))}
        filter={(query, options) => options.filter((option) => 'label' in option && fold(String(option.label ?? '')).includes(fold(query)))}
        nothingFound={t('app.palette.nothing')} shortcut={null} limit={12} scrollable maxHeight={420} highlightQuery attributes={{ content: { 'aria-label': t('app.actions.palette') } }}
        searchProps={{ placeholder: t('app.palette.placeholder'), 'aria-label': t('app.actions.palette') }}
      />
      <KeySheet />
      <HelpSheet />
    </>
  )
}
