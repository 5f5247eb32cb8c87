import type { ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import { randomRequestId } from "../middleware/request-id.ts"

export interface ClientError {
  readonly error: Error
  readonly socket: Duplex
  readonly unanswered: ReadonlySet<ServerResponse>
}

const statuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Payload Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
}

/**
 * Answers what is not HTTP, or came too slowly, with a bare status, and closes the connection: no handler has seen a whole
 * request. An answer that has begun is cut off instead, since nothing may stand in the middle of it.
 */
export function answerClientError({ error, socket, unanswered }: ClientError): void {
  const hasBegun = [...unanswered].some((response) => response.socket === socket && response.headersSent)
  if (!socket.writable || hasBegun) {
    socket.destroy()
    return
  }
  const code = "code" in error ? String(error.code) : ""
  const status = statuses[code] ?? "400 Bad Request"
  const head = [`HTTP/1.1 ${status}`, "Connection: close", "Content-Length: 0", `x-request-id: ${randomRequestId()}`]
  socket.end(`${head.join("\r\n")}\r\n\r\n`, () => socket.destroy())
}
