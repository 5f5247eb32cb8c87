import { errors } from "undici"
import { TransportError, type TransportFailure } from "./transport-error.ts"

const timeouts: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: "no connection came about in time",
  ETIMEDOUT: "no connection came about in time",
}

const networkFailures: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused; nothing listens at the endpoint's base URL",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed while the request was being sent",
  UND_ERR_SOCKET: "the connection was closed before the answer was complete",
  ENOTFOUND: "the host name of the endpoint's base URL could not be resolved",
  EAI_AGAIN: "the host name of the endpoint's base URL could not be resolved just now",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  UND_ERR_CLOSED: "the connection pool is closed",
  UND_ERR_DESTROYED: "the connection pool is closed",
}

/** Faults of the request itself, which no other attempt would mend. They are no transport failures. */
const faultsOfOurs = new Set(["UND_ERR_INVALID_ARG", "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH", "UND_ERR_NOT_SUPPORTED", "ERR_INVALID_URL"])

/**
 * Turns what undici or Node threw into a `TransportError`, told by its code. Returns null for what is no failure of the
 * transport, e.g. an invalid header.
 */
export function describeTransportFailure(error: unknown, limits: { firstChunkMs: number; idleMs: number }): TransportError | null {
  if (error instanceof TransportError) return error
  const code = codeOf(error)
  if (code === null || faultsOfOurs.has(code)) return null
  const fail = (failure: TransportFailure, message: string): TransportError => new TransportError({ failure, message, cause: error })

  if (code === "UND_ERR_HEADERS_TIMEOUT") return fail("timeout", `the answer did not begin within ${limits.firstChunkMs} ms (firstChunkMs)`)
  if (code === "UND_ERR_BODY_TIMEOUT") return fail("timeout", `the answer paused for more than ${limits.idleMs} ms (idleMs)`)
  if (code === "UND_ERR_HEADERS_OVERFLOW") return fail("not_http", "the answer's headers are larger than this client reads")
  if (code === "HPE") return fail("not_http", "what came back is not HTTP")
  const timeout = timeouts[code]
  if (timeout !== undefined) return fail("timeout", timeout)
  return fail("network", networkFailures[code] ?? `the connection failed (${code})`)
}

function codeOf(error: unknown): string | null {
  // The parser has a code for each of its complaints, and for some none.
  if (error instanceof errors.HTTPParserError) return "HPE"
  if (typeof error !== "object" || error === null || !("code" in error)) return null
  return typeof error.code === "string" ? error.code : null
}
