import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"

export interface ReceivedRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage["headers"]
  readonly body: string
  /** Resolves when the connection was closed before the answer was complete. */
  readonly aborted: Promise<void>
}

type Handler = (request: ReceivedRequest, response: ServerResponse) => void

export interface ScriptedServer {
  readonly url: string
  readonly requests: readonly ReceivedRequest[]
  /** How requests are answered from now on. */
  answer(handler: Handler): void
  /** Forgets what was received. */
  reset(): void
  close(): Promise<void>
}

/** A real HTTP server on the loopback interface that does what a test tells it. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  let handler: Handler = (_, response) => response.writeHead(500).end()
  let requests: ReceivedRequest[] = []
  const server = createServer((incoming, response) => {
    receive(incoming, response).then(
      (request) => {
        requests.push(request)
        handler(request, response)
      },
      () => response.destroy(),
    )
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The server has no port.")
  return {
    url: `http://127.0.0.1:${address.port}`,
    get requests() {
      return requests
    },
    answer: (next) => {
      handler = next
    },
    reset: () => {
      requests = []
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

async function receive(incoming: IncomingMessage, response: ServerResponse): Promise<ReceivedRequest> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>()
  response.once("close", () => {
    if (!response.writableFinished) resolve()
  })
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
  return {
    method: incoming.method ?? "",
    url: incoming.url ?? "",
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString("utf8"),
    aborted,
  }
}
