import { app, Menu, type MenuItemConstructorOptions } from 'electron'
import { onLanguage, text } from './texts.ts'

export interface MenuDeps {
  quit(): void
  quitAndStop(): Promise<boolean>
}

/** Few entries: the actions of the studio live in the window's own table. No reload in use: it would end a take that is being recorded. */
function build(deps: MenuDeps): void {
  const developer: MenuItemConstructorOptions[] = app.isPackaged ? [] : [{ type: 'separator' }, { role: 'toggleDevTools' }]
  Menu.setApplicationMenu(Menu.buildFromTemplate([
    {
      label: text('file'),
      submenu: [
        { label: text('closeWindow'), click: (_item, window) => window?.close() },
        { type: 'separator' },
        { label: text('quit'), click: deps.quit },
        { label: text('quitAndStop'), click: () => void deps.quitAndStop() },
      ],
    },
    {
      label: text('edit'),
      submenu: [{ role: 'cut', label: text('cut') }, { role: 'copy', label: text('copy') }, { role: 'paste', label: text('paste') }, { role: 'selectAll', label: text('selectAll') }],
    },
    {
      label: text('view'),
      submenu: [
        { role: 'resetZoom', label: text('zoomReset') }, { role: 'zoomIn', label: text('zoomIn') }, { role: 'zoomOut', label: text('zoomOut') },
        { type: 'separator' }, { role: 'togglefullscreen', label: text('fullScreen') }, ...developer,
      ],
    },
  ]))
}

export function keepMenu(deps: MenuDeps): void {
  build(deps)
  onLanguage(() => build(deps))
}
