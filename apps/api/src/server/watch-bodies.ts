import type { IncomingMessage, Server } from "node:http"
import { isNdjson } from "../middleware/ndjson/read-lines.ts"

class RequestTimeoutError extends Error {
  /** Node's own, for whoever answers it. */
  readonly code = "ERR_HTTP_REQUEST_TIMEOUT"
}

/**
 * Ends requests whose body has not come within the time-out, as Node's `requestTimeout` does; but a body of NDJSON, which is
 * read no faster than it is stored, only when its connection falls silent.
 */
export function watchBodies(server: Server, { timeoutMs }: { readonly timeoutMs: number }): void {
  server.prependListener("request", (request: IncomingMessage) => {
    if (request.complete || isNdjson(request)) return
    const timer = setTimeout(() => {
      if (!request.complete) server.emit("clientError", new RequestTimeoutError("The body took too long."), request.socket)
    }, timeoutMs)
    request.once("close", () => clearTimeout(timer))
  })
}
