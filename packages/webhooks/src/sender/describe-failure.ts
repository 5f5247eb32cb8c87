import { errors } from "undici"

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused; nothing listens there",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed while the request was being sent",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  EADDRNOTAVAIL: "the network cannot be reached",
  ENOTFOUND: "the host name does not exist",
  ENODATA: "the host name has no address",
  ESERVFAIL: "the host name could not be resolved just now",
  EREFUSED: "the host name could not be resolved just now",
  EAI_AGAIN: "the host name could not be resolved just now",
  UND_ERR_SOCKET: "the connection was closed before the answer began",
  UND_ERR_HEADERS_OVERFLOW: "the answer's headers are larger than 16 kB",
  ERR_TLS_CERT_ALTNAME_INVALID: "the receiver's certificate is for another host name",
  CERT_HAS_EXPIRED: "the receiver's certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the receiver's certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the receiver's certificate is not by an authority that is trusted here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the receiver does not send the intermediate certificates, or its authority is not trusted here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the receiver's certificate is not by an authority that is trusted here",
}

const timeouts: ReadonlySet<string> = new Set(["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT", "ETIMEOUT"])

export interface Failure {
  readonly reason: "timeout" | "network"
  readonly message: string
}

/** Says in words why a receiver gave no answer, from the code of what undici or Node threw. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof errors.HTTPParserError) return { reason: "network", message: sentence("what came back is not HTTP") }
  const code = codeOf(error)
  if (timeouts.has(code)) return { reason: "timeout", message: sentence("no connection came about in time") }
  if (code.startsWith("ERR_SSL_")) return { reason: "network", message: sentence(`the receiver does not speak TLS as expected (${code})`) }
  return { reason: "network", message: sentence(words[code] ?? `the connection failed${code === "" ? "" : ` (${code})`}`) }
}

function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return ""
  return typeof error.code === "string" ? error.code : ""
}

function sentence(text: string): string {
  return `No answer: ${text}.`
}
