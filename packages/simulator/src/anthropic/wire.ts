import type { IncomingHttpHeaders } from "node:http"
import { bearerToken, checkKey, singleHeader } from "../wire/keys.ts"
import { accepted, type Checked, refused } from "../wire/refusal.ts"
import type { Operation, RequestTarget, Wire } from "../wire/wire.ts"
import { anthropicErrorReply } from "./errors.ts"
import { anthropicHeaders } from "./headers.ts"
import { messagesOperation } from "./messages-operation.ts"

const VERSION_HEADER = "anthropic-version"

/** The protocol of Anthropic's Messages API. */
export const anthropicWire: Wire = {
  name: "anthropic",
  route,
  authenticate,
  refuse: anthropicErrorReply,
  errorEvent: (refusal, requestId) => `event: error\ndata: ${JSON.stringify(anthropicErrorReply(refusal, requestId).body)}\n\n`,
  headers: anthropicHeaders,
}

function route({ method, path }: RequestTarget): Checked<Operation> {
  return method === "POST" && path === "/v1/messages" ? accepted(messagesOperation) : refused({ reason: "unknown_path", method, path })
}

/**
 * A key comes as `x-api-key` or, from newer clients, as a bearer token. It is looked at before the version, so a caller
 * without either is told of the key.
 */
function authenticate(headers: IncomingHttpHeaders, apiKeys: readonly string[] | null): Checked<string> {
  const key = checkKey(singleHeader(headers, "x-api-key") ?? bearerToken(headers), apiKeys)
  if (!key.ok) return key
  return singleHeader(headers, VERSION_HEADER) ? key : refused({ reason: "missing_header", header: VERSION_HEADER })
}
