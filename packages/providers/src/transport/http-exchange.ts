import type { Buffer } from "node:buffer"
import type { Dispatcher } from "undici"
import type { ResponseHeaders } from "../headers/response-headers.ts"
import { describeTransportFailure } from "./describe-transport-failure.ts"
import { readBody } from "./read-body.ts"

/** How long and how much an exchange may take. */
export interface ExchangeLimits {
  readonly signal: AbortSignal
  /** Until the answer's first byte. 0: no bound of its own. */
  readonly firstChunkMs: number
  /** Between two pieces of the answer. */
  readonly idleMs: number
  readonly maxResponseBytes: number
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT"
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export interface HttpResponse {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly body: Buffer
}

/**
 * Sends one request over the pool and reads the whole answer, whatever its status; redirects are not followed. Rejects
 * with `TransportError` when there is no whole answer, with the signal's reason when that aborts. `firstChunkMs` and
 * `idleMs` are kept to about a second, since undici's cheap timers tick that slowly.
 */
export async function exchangeHttp(dispatcher: Dispatcher, request: HttpRequest, limits: ExchangeLimits): Promise<HttpResponse> {
  limits.signal.throwIfAborted()
  try {
    const { origin, pathname, search } = new URL(request.url)
    const response = await dispatcher.request({
      origin,
      path: `${pathname}${search}`,
      method: request.method,
      headers: request.headers,
      body: request.body,
      signal: limits.signal,
      headersTimeout: limits.firstChunkMs,
      bodyTimeout: limits.idleMs,
    })
    const { statusCode: status, headers, body: stream } = response
    return { status, headers, body: await readBody({ status, headers, stream, maxBytes: limits.maxResponseBytes }) }
  } catch (error) {
    if (limits.signal.aborted) throw limits.signal.reason
    throw describeTransportFailure(error, limits) ?? error
  }
}
