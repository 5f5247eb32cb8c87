import { once } from "node:events"
import { createServer, request as httpRequest, type IncomingHttpHeaders, IncomingMessage, type RequestListener } from "node:http"
import { duplexPair } from "node:stream"
import { text } from "node:stream/consumers"

export interface TestRequest {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface TestAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Sends one request through real HTTP, parsed and written by Node, over a connection in memory. */
export async function send(
  listener: RequestListener,
  { method = "GET", path = "/", headers = {}, body }: TestRequest,
): Promise<TestAnswer> {
  const [near, far] = duplexPair()
  createServer(listener).emit("connection", far)
  const request = httpRequest({ method, path, headers, createConnection: () => near })
  request.end(body)
  const [response]: unknown[] = await once(request, "response")
  if (!(response instanceof IncomingMessage)) throw new Error("no response")
  return { status: response.statusCode ?? 0, headers: response.headers, text: await text(response) }
}
