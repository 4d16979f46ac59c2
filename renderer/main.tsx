import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { i18n, speak } from './i18n.ts'
import { Page } from './page.tsx'
import { followSettings } from './state/settings.ts'

const queries = new QueryClient({
  // Calls wait for the connection by themselves; a second try of a refused one is refused again.
  defaultOptions: {
    queries: { retry: false, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
})

/** Before the settings are known: the browser's own language, so that even a failure to connect is said in words. */
await speak(navigator.language.startsWith('zh') ? 'zh-CN' : 'en')

void followSettings(queries)

const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <I18nextProvider i18n={i18n}>
          <Page />
        </I18nextProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
}
