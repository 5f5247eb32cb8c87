import { once } from "node:events"
import { request as httpRequest, type IncomingHttpHeaders, IncomingMessage } from "node:http"
import { buffer } from "node:stream/consumers"

export interface Call {
  readonly method?: string
  /** As it is to stand in the request line. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string | Uint8Array
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
  /** The body as JSON; null when it is something else. */
  readonly json: Json
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape is what they test.
type Json = any

/** Sends one request as it is given, over a connection of its own. */
export async function call(baseUrl: string, { method = "GET", path, headers = {}, body }: Call): Promise<Answer> {
  const { hostname, port } = new URL(baseUrl)
  const request = httpRequest({ host: hostname, port, method, path, headers, agent: false })
  request.end(body)
  const [response]: unknown[] = await once(request, "response")
  if (!(response instanceof IncomingMessage)) throw new Error("no response")
  const bytes = await buffer(response)
  const text = bytes.toString()
  const isJson = /[/+]json\b/.test(response.headers["content-type"] ?? "") && text !== ""
  return { status: response.statusCode ?? 0, headers: response.headers, bytes, text, json: isJson ? JSON.parse(text) : null }
}
