import type { Exchange } from "./exchange.ts"
import { waitWhileOpen } from "./wait.ts"

/** A response before it is sent. */
export interface Payload {
  readonly status: number
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  /** The body: one part, or the events of a stream. */
  readonly parts: readonly string[]
  readonly stream: boolean
}

/** Sends all of it; the parts of a stream `chunkMs` apart. */
export async function sendWhole(exchange: Exchange, payload: Payload, { chunkMs }: { chunkMs: number }): Promise<void> {
  const { response } = exchange
  if (!payload.stream || chunkMs === 0) {
    const body = payload.parts.join("")
    writeHead(exchange, payload, payload.stream ? null : Buffer.byteLength(body))
    response.end(body)
    return
  }
  writeHead(exchange, payload, null)
  for (const [index, part] of payload.parts.entries()) {
    if (index > 0 && !(await waitWhileOpen(exchange, chunkMs))) return
    response.write(part) // the whole answer is in memory already: waiting for a slow reader would spare none
  }
  response.end()
}

/** Declares all of it and sends half; resolves when that half is on its way. */
export async function sendHalf(exchange: Exchange, payload: Payload): Promise<void> {
  const body = payload.parts.join("")
  writeHead(exchange, payload, payload.stream ? null : Buffer.byteLength(body))
  await new Promise<void>((resolve) => exchange.response.write(halfOf(payload).parts.join(""), () => resolve()))
}

/** The same response, as if the body ended half way; in the middle of an event, if there are several. */
export function halfOf(payload: Payload): Payload {
  const middle = Math.floor(payload.parts.length / 2)
  const cut = payload.parts[middle] ?? ""
  return { ...payload, parts: [...payload.parts.slice(0, middle), cut.slice(0, Math.ceil(cut.length / 2))] }
}

/** Ends the connection as a crash does: with a reset, and without the rest of what was to be sent. */
export function resetConnection({ request }: Exchange): void {
  request.socket.resetAndDestroy()
}

/** Ends the connection without a reset, whatever was announced. */
export function closeConnection({ request }: Exchange): void {
  request.socket.destroy()
}

function writeHead({ response }: Exchange, { status, contentType, headers }: Payload, contentLength: number | null): void {
  const length = contentLength === null ? {} : { "content-length": contentLength }
  response.writeHead(status, { "content-type": contentType, ...length, ...headers })
}
