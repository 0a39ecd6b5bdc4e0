// A browser window as a screen on a wall has one: no bridge, its own profile, nothing but the page.
const { app, BrowserWindow } = require('electron')

void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 720, webPreferences: { sandbox: true, contextIsolation: true } })
  void window.loadURL(process.env.KIOSK_URL).catch(() => undefined)
})
