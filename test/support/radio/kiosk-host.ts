import { createServer } from 'node:http'
import type { TestContext } from '../context.ts'

/** The part of the studio's listener a kiosk page sees: public routes of the rooms. */
export async function serveRoutes(ctx: TestContext, port = 0): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const [, prefix = '', ...rest] = ((request.url ?? '/').split('?', 1)[0] ?? '/').split('/')
    const handler = ctx.inside.routes.find('public', prefix)
    if (handler === undefined) {
      response.writeHead(404).end()
      return
    }
    void handler(request, response, rest.join('/'))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}
