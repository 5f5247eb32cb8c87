import { once } from "node:events"
import { createServer } from "node:http"
import { text } from "node:stream/consumers"

/** How a receiver treats requests, by shares of them. */
export interface ReceiverFaults {
  readonly failing: number
  readonly hanging: number
  /** Once, after so many requests, it breaks every connection for `awayMs`. */
  readonly awayAfter: number | null
  readonly awayMs: number
}

export interface CountingReceiver {
  readonly url: string
  readonly requests: () => number
  /** Of each event that was taken: how often, and how long after its job's end first. */
  readonly taken: ReadonlyMap<string, { times: number; readonly lagMs: number; readonly atMs: number }>
  close(): Promise<void>
}

/** A receiver that counts, and fails as it is told. */
export async function startCountingReceiver({ failing, hanging, awayAfter, awayMs }: ReceiverFaults): Promise<CountingReceiver> {
  const taken = new Map<string, { times: number; lagMs: number; atMs: number }>()
  let requests = 0
  let awayUntilMs: number | null = null

  function count(body: string): void {
    const { id, data } = JSON.parse(body)
    const known = taken.get(id)
    if (known) known.times += 1
    else taken.set(id, { times: 1, lagMs: Date.now() - Date.parse(data.finishedAt), atMs: performance.now() })
  }

  const server = createServer(async (request, response) => {
    requests += 1
    if (requests === awayAfter) awayUntilMs = performance.now() + awayMs
    const body = await text(request)
    const fate = Math.random()
    if (awayUntilMs !== null && performance.now() < awayUntilMs) response.socket?.destroy()
    else if (fate < failing) response.writeHead(500).end()
    else if (fate >= failing + hanging) {
      count(body)
      response.writeHead(204).end()
    }
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/hooks`,
    requests: () => requests,
    taken,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}
