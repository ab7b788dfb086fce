import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { RfbServer, type RfbServerOptions } from '../../src/rfb/server.js'
import type { ModeOptions } from '../../src/surface/mode.js'
import { FakeDisplay } from './fake-display.js'
import { RfbClient, type RfbClientOptions } from './rfb-client.js'

export interface ServedDisplay {
  readonly display: FakeDisplay
  readonly server: RfbServer
  readonly port: number
  /** Connected until the test ends. */
  connect(options?: Partial<RfbClientOptions>): Promise<RfbClient>
  /** Resolves with the reason when the next viewer leaves, or one is refused. */
  nextEnd(): Promise<string>
}

/** A display without a clock behind a real server, both gone when the test ends. */
export async function serveDisplay(
  t: TestContext,
  mode: ModeOptions,
  options: Partial<RfbServerOptions> = {},
): Promise<ServedDisplay> {
  const display = new FakeDisplay(mode)
  const server = await RfbServer.listen({ surface: display.surface, security: { type: 'none' }, ...options })
  t.after(() => server.close())
  const { port } = server.address()
  return {
    display,
    server,
    port,
    async connect(clientOptions = {}) {
      const client = await RfbClient.connect({ port, ...clientOptions })
      t.after(() => client.close())
      return client
    },
    async nextEnd() {
      const [, reason] = await Promise.race([once(server, 'leave'), once(server, 'refused')])
      return reason as string
    },
  }
}
