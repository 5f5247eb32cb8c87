import { ConnectionError } from "../errors/connection-error.ts"
import { createEventSource, type EventSource } from "./event-source.ts"
import { readFailure, unexpectedAnswer } from "./read-failure.ts"
import { reasonOf } from "./reason-of.ts"
import { isWorthRetrying, type Repeatable, retryDelayMs } from "./retry-policy.ts"
import type { Sleep } from "./sleep.ts"

export type QueryValue = string | number | readonly string[] | undefined

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** Begins with `/v1/`; what callers put into it is already encoded. */
  readonly path: string
  /** What is undefined, or a list of nothing, is left out; lists are joined with commas. */
  readonly query?: Readonly<Record<string, QueryValue>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Default: `safely` for GET and DELETE, else `if_refused`. */
  readonly repeatable?: Repeatable
  /** Added to the time that an answer may take, for calls that wait. */
  readonly extraTimeMs?: number
  readonly signal?: AbortSignal | undefined
}

/** Sends requests with the key, tries again what may be, and turns whatever goes wrong into typed errors. */
export interface Transport {
  /** The answer's JSON; null for an answer without a body. It is trusted to have the contract's shape, so that a newer server may add to it. */
  json<T>(request: ApiRequest): Promise<T>
  /** One connection to a stream of events, tried once; null when the server has none left to send. */
  events(request: Pick<ApiRequest, "path" | "headers" | "signal">): Promise<EventSource | null>
  /** The lines of an answer as they come. It is not tried again: the caller knows where to go on. */
  lines(request: ApiRequest): AsyncGenerator<string>
}

export interface TransportOptions {
  readonly baseUrl: string
  readonly headers: Readonly<Record<string, string>>
  readonly fetch: typeof fetch
  /** For one try, from the connection to the last byte. */
  readonly timeoutMs: number
  /** After the first try. */
  readonly retries: number
  readonly random: () => number
  readonly sleep: Sleep
  readonly now: () => number
}

const never = new AbortController().signal

export function createTransport(options: TransportOptions): Transport {
  const { retries, random, sleep } = options
  return {
    lines: (request) => readLines(options, request),
    async json(request) {
      const { signal = never, repeatable = defaultRepeatable(request) } = request
      for (let retried = 0; ; retried += 1) {
        signal.throwIfAborted()
        try {
          return await sendOnce(options, request, signal)
        } catch (error) {
          if (signal.aborted || retried >= retries || !isWorthRetrying(error, repeatable)) throw error
          await sleep(retryDelayMs({ error, retried, random }), signal)
        }
      }
    },
    events: (request) => openEvents(options, { method: "GET", ...request }),
  }
}

function defaultRepeatable({ method }: ApiRequest): Repeatable {
  return method === "GET" || method === "DELETE" ? "safely" : "if_refused"
}

async function sendOnce<T>(options: TransportOptions, request: ApiRequest, signal: AbortSignal): Promise<T> {
  const { method } = request
  const url = addressOf(options.baseUrl, request)
  const call = `${method} ${url.split("?")[0]}`
  const { response, text } = await exchange(options, { url, request, signal })
  if (!response.ok) throw readFailure({ response, text, call, now: options.now() })
  if (response.status === 204) return parse("null")
  try {
    return parse(text)
  } catch (cause) {
    throw unexpectedAnswer({ response, text, call, cause })
  }
}

function parse<T>(text: string): T {
  const value: T = JSON.parse(text)
  return value
}

interface Exchange {
  readonly url: string
  readonly request: ApiRequest
  readonly signal: AbortSignal
}

async function exchange(options: TransportOptions, { url, request, signal }: Exchange): Promise<{ response: Response; text: string }> {
  const timeoutMs = options.timeoutMs + (request.extraTimeMs ?? 0)
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await options.fetch(url, initOf(options, request, AbortSignal.any([signal, timeout])))
    return { response, text: await response.text() }
  } catch (cause) {
    signal.throwIfAborted()
    throw connectionError(options, { cause, timeoutMs: timeout.aborted ? timeoutMs : null })
  }
}

function initOf(options: TransportOptions, { method, body, headers }: ApiRequest, signal: AbortSignal): RequestInit {
  return {
    method,
    headers: { ...options.headers, ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    signal,
    // A redirect would carry the key elsewhere, and turn a POST into a GET.
    redirect: "manual",
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
}

/** `timeoutMs` when it was the time-out that ended it. */
function connectionError(
  { baseUrl }: TransportOptions,
  { cause, timeoutMs }: { readonly cause: unknown; readonly timeoutMs: number | null },
): ConnectionError {
  if (timeoutMs !== null) {
    return new ConnectionError({ reason: "timeout", baseUrl, message: `${baseUrl} did not answer within ${timeoutMs} ms.`, cause })
  }
  return new ConnectionError({ reason: "network", baseUrl, message: `Nothing answers at ${baseUrl}: ${reasonOf(cause)}.`, cause })
}

async function openEvents(options: TransportOptions, request: ApiRequest): Promise<EventSource | null> {
  const { signal = never } = request
  const { baseUrl, timeoutMs } = options
  const url = addressOf(baseUrl, request)
  const connection = new AbortController()
  const asked = { ...request, headers: { ...request.headers, accept: "text/event-stream" } }
  let response: Response
  try {
    // Only until the stream begins. How long it may last then is not for a clock to say.
    const fetched = options.fetch(url, initOf(options, asked, AbortSignal.any([signal, connection.signal])))
    response = await withinMs(timeoutMs, connection, fetched)
  } catch (cause) {
    signal.throwIfAborted()
    throw connectionError(options, { cause, timeoutMs: connection.signal.aborted ? timeoutMs : null })
  }
  if (response.status === 204) return null
  const answer = { response, call: `GET ${url.split("?")[0]}` }
  if (!response.ok) throw readFailure({ ...answer, text: await response.text(), now: options.now() })
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true
  if (isStream) return createEventSource({ response, baseUrl, hangUp: () => connection.abort() })
  throw unexpectedAnswer({ ...answer, text: await response.text() })
}

async function* readLines(options: TransportOptions, request: ApiRequest): AsyncGenerator<string> {
  const { signal = never } = request
  const url = addressOf(options.baseUrl, request)
  const silence = new AbortController()
  const init = initOf(options, request, AbortSignal.any([signal, silence.signal]))
  try {
    const response = await withinMs(options.timeoutMs, silence, options.fetch(url, init))
    if (!response.ok) {
      throw readFailure({ response, text: await response.text(), call: `${request.method} ${url.split("?")[0]}`, now: options.now() })
    }
    if (response.body) yield* linesOf(response.body.getReader(), (chunk) => withinMs(options.timeoutMs, silence, chunk))
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof Error && "status" in cause) throw cause
    throw connectionError(options, { cause, timeoutMs: silence.signal.aborted ? options.timeoutMs : null })
  }
}

type Chunk = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>["read"]>>

async function* linesOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  inTime: (chunk: Promise<Chunk>) => Promise<Chunk>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let begun = ""
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read())
      if (done) break
      const lines = (begun + decoder.decode(value, { stream: true })).split("\n")
      begun = lines.pop() ?? ""
      yield* lines.filter((line) => line !== "")
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
  if (begun !== "") throw new Error("the answer was cut off")
}

/** Ends the exchange when something takes longer. The caller's own work in between does not count. */
async function withinMs<T>(timeoutMs: number, silence: AbortController, promise: Promise<T>): Promise<T> {
  const timer = setTimeout(() => silence.abort(), timeoutMs)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}

function addressOf(baseUrl: string, { path, query = {} }: ApiRequest): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    const text = Array.isArray(value) ? value.join(",") : String(value ?? "")
    if (text !== "") parameters.set(name, text)
  }
  return parameters.size === 0 ? baseUrl + path : `${baseUrl}${path}?${parameters}`
}
