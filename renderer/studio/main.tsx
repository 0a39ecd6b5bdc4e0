import { createRoot } from 'react-dom/client'
import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import '@fontsource/be-vietnam-pro/400.css'
import '@fontsource/be-vietnam-pro/600.css'
import '@fontsource/be-vietnam-pro/700.css'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './ui/desk.css'
import { theme } from './ui/theme.ts'
import { startTexts } from './i18n/index.ts'
import { queryClient, startStationClient } from './app/station-client/index.ts'
import { App } from './app/frame/app.tsx'
import { showError } from './app/errors/index.ts'
import { watchForLeftSound } from './features/recorder/index.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
await startTexts()
createRoot(root).render(
  <MantineProvider theme={theme} defaultColorScheme="auto">
    <QueryClientProvider client={queryClient}>
      <ModalsProvider>
        <Notifications position="bottom-right" limit={4} mb={40} />
        <App />
      </ModalsProvider>
    </QueryClientProvider>
  </MantineProvider>,
)
watchForLeftSound()
startStationClient().catch(showError)
