import { Buffer } from "node:buffer"
import type { Dispatcher } from "undici"
import type { ResponseHeaders } from "../headers/response-headers.ts"
import { describeTransportFailure } from "./describe-transport-failure.ts"
import { type EventSink, isEventStream, readEvents } from "./event-stream.ts"
import { patiently } from "./patiently.ts"
import { readBody } from "./read-body.ts"

/** How long and how much an exchange may take. */
export interface ExchangeLimits {
  readonly signal: AbortSignal
  /** Until the answer's first byte. 0: no bound of its own. */
  readonly firstChunkMs: number
  /** Between two pieces of the answer. */
  readonly idleMs: number
  readonly maxResponseBytes: number
  /** Takes the events of the answer, should it come as a stream. Left out: none was asked for. */
  readonly events?: EventSink
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT"
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export interface HttpResponse {
  readonly status: number
  readonly headers: ResponseHeaders
  /** Empty where the answer was a stream, whose events have been taken. */
  readonly body: Buffer
  readonly isStreamed: boolean
}

/**
 * Sends one request over the pool and reads the whole answer, whatever its status; redirects are not followed. Rejects
 * with `TransportError` when there is no whole answer, with the signal's reason when that aborts. `firstChunkMs` and
 * `idleMs` are kept to about a second, since undici's cheap timers tick that slowly. Of an answer that streams, silence counts
 * as a pause only once it has begun: a model that thinks may have sent its headers long before.
 */
export async function exchangeHttp(dispatcher: Dispatcher, request: HttpRequest, limits: ExchangeLimits): Promise<HttpResponse> {
  limits.signal.throwIfAborted()
  try {
    const { origin, pathname, search } = request.url
    const response = await dispatcher.request({
      origin,
      path: `${pathname}${search}`,
      method: request.method,
      headers: request.headers,
      body: request.body,
      signal: limits.signal,
      headersTimeout: limits.firstChunkMs,
      bodyTimeout: limits.events ? 0 : limits.idleMs,
    })
    return await readResponse(response, limits)
  } catch (error) {
    if (limits.signal.aborted) throw limits.signal.reason
    throw describeTransportFailure(error, limits) ?? error
  }
}

async function readResponse(response: Dispatcher.ResponseData, limits: ExchangeLimits): Promise<HttpResponse> {
  const { statusCode: status, headers, body: stream } = response
  const { events, maxResponseBytes: maxBytes } = limits
  if (!events) return { status, headers, isStreamed: false, body: await readBody({ status, headers, stream, maxBytes }) }
  const chunks = patiently(stream, { limits, hasBegun: () => events.hasBegun })
  if (status < 300 && isEventStream(headers)) {
    await readEvents({ chunks, sink: events, maxBytes })
    return { status, headers, isStreamed: true, body: Buffer.alloc(0) }
  }
  return { status, headers, isStreamed: false, body: await readBody({ status, headers, stream, maxBytes, chunks }) }
}
