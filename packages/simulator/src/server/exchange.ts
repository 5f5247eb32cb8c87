import type { IncomingMessage, ServerResponse } from "node:http"
import type { RequestTarget } from "../wire/wire.ts"

/** One request and its response. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly target: RequestTarget
  /** Aborted when the response is over: the client has gone away or all has been sent. */
  closeSignal(): AbortSignal
}

export function createExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const { method = "GET", url = "/" } = request
  const query = url.indexOf("?")
  const target = query === -1 ? { method, path: url, search: "" } : { method, path: url.slice(0, query), search: url.slice(query) }
  let signal: AbortSignal | undefined // made when first asked for: most calls never wait
  return {
    request,
    response,
    target,
    closeSignal() {
      signal ??= abortOnClose(response)
      return signal
    },
  }
}

function abortOnClose(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  if (response.closed) controller.abort()
  else response.once("close", () => controller.abort())
  return controller.signal
}

/** Where the client reached the simulator, for links back to it. */
export function originOf({ request }: Exchange): string {
  return `http://${request.headers.host ?? "127.0.0.1"}`
}
