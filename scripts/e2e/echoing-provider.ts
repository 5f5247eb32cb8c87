import { once } from "node:events"
import { createServer } from "node:http"
import { text } from "node:stream/consumers"

export interface EchoingProvider {
  /** For `baseUrl`. */
  readonly url: string
  readonly requests: number
  close(): Promise<void>
}

/** A provider that fails, in turns of kinds, and each time repeats in its error all that it was sent: the prompt, and the key. */
export async function startEchoingProvider(): Promise<EchoingProvider> {
  let requests = 0
  const server = createServer(async (request, response) => {
    const body: { messages?: readonly { content: unknown }[]; input?: unknown } = JSON.parse((await text(request)) || "{}")
    const prompt = JSON.stringify(body.messages?.map(({ content }) => content) ?? body.input)
    const key = String(request.headers.authorization)
    const status = [400, 503, 401, 500][requests % 4] ?? 500
    requests += 1
    const error = { message: `Invalid prompt ${prompt}. You sent ${key}.`, type: "invalid_request_error", code: "bad", param: null }
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error }))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/v1`,
    get requests() {
      return requests
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}
