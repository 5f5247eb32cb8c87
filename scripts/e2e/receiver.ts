import { once } from "node:events"
import { createServer, type ServerResponse } from "node:http"
import { text } from "node:stream/consumers"

export interface Received {
  readonly id: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whether it was answered with success. */
  readonly taken: boolean
}

/** What a receiver does with a request: answers with a status and headers, says nothing, or breaks the connection. */
export type Reaction = { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | "hang" | "reset"

export interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  /** How it reacts from now on. */
  reactWith(react: (request: { readonly id: string; readonly index: number }) => Reaction): void
  close(): Promise<void>
}

/** A receiver of webhooks on this machine, which takes everything unless told otherwise. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let react: (request: { id: string; index: number }) => Reaction = () => ({ status: 204 })
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const id = headers["webhook-id"] ?? ""
    const reaction = react({ id, index: received.length })
    received.push({ id, headers, body, taken: typeof reaction === "object" && reaction.status >= 200 && reaction.status < 300 })
    answer(response, reaction)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    received,
    reactWith(next) {
      react = next
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}

function answer(response: ServerResponse, reaction: Reaction): void {
  if (reaction === "hang") return
  if (reaction === "reset") {
    response.socket?.destroy()
    return
  }
  response.writeHead(reaction.status, reaction.headers).end()
}
