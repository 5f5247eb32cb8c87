import { once } from "node:events"
import { Agent, request as httpRequest, type IncomingHttpHeaders, IncomingMessage } from "node:http"
import { connect } from "node:net"
import { buffer } from "node:stream/consumers"

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Sender {
  /** Rejects when there is no answer within the time. */
  send(request: { method: string; path: string; headers: Readonly<Record<string, string>>; body: Uint8Array | null }): Promise<Answer>
  /** Sends bytes as they are, and resolves when the server has closed the connection. Rejects when it does not. */
  sendRaw(bytes: Uint8Array): Promise<Answer>
  close(): void
}

export interface SenderOptions {
  readonly url: string
  readonly concurrency: number
  /** An answer that takes longer never comes. */
  readonly timeoutMs: number
}

export function createSender({ url, concurrency, timeoutMs }: SenderOptions): Sender {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  return {
    async send({ method, path, headers, body }) {
      const length = body === null ? {} : { "content-length": String(body.byteLength) }
      const request = httpRequest({
        host: hostname,
        port,
        agent,
        method,
        path,
        headers: { ...headers, ...length },
        signal: AbortSignal.timeout(timeoutMs),
      })
      request.end(body ?? undefined)
      const [response]: unknown[] = await once(request, "response")
      if (!(response instanceof IncomingMessage)) throw new Error("no response")
      return { status: response.statusCode ?? 0, headers: response.headers, body: await bodyOf(response) }
    },
    async sendRaw(bytes) {
      const socket = connect({ host: hostname, port: Number(port) })
      const timer = setTimeout(() => socket.destroy(new Error(`The connection was open after ${timeoutMs} ms.`)), timeoutMs)
      try {
        socket.end(bytes)
        const received = await buffer(socket)
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(received.toString("latin1"))?.[1] ?? 0)
        return { status, headers: {}, body: received }
      } finally {
        clearTimeout(timer)
        socket.destroy()
      }
    },
    close: () => agent.destroy(),
  }
}

/** Of a stream of events only the beginning: it ends when its listener goes. */
async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  if (response.headers["content-type"]?.startsWith("text/event-stream") !== true) return await buffer(response)
  response.destroy()
  return Buffer.alloc(0)
}
