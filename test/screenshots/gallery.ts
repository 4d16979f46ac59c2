import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { createServer } from 'vite'

/** Serves the gallery of states; see `test/renderer/gallery/main.tsx`. */
export async function serveGallery(): Promise<{ url: string; close(): Promise<void> }> {
  const server = await createServer({
    configFile: false,
    root: resolve(import.meta.dirname, '../renderer/gallery'),
    plugins: [react(), tailwindcss()],
    cacheDir: resolve(import.meta.dirname, '../../node_modules/.vite-gallery'),
    logLevel: 'warn',
    server: {
      host: '127.0.0.1',
      hmr: false,
      fs: { allow: [resolve(import.meta.dirname, '../..')] },
    },
  })
  await server.listen(0)
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error('the gallery has no address')
  return { url, close: () => server.close() }
}
