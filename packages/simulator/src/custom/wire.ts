import type { IncomingHttpHeaders } from "node:http"
import { bearerToken, checkKey, singleHeader } from "../wire/keys.ts"
import { accepted, type Checked, refused } from "../wire/refusal.ts"
import type { HeaderContext, Operation, RequestTarget, Wire } from "../wire/wire.ts"
import { customErrorReply } from "./errors.ts"
import { findTransform } from "./transform-operation.ts"

const PATH = /^\/custom\/([^/]+)$/

/** A plain JSON service, for those who call something of their own. */
export const customWire: Wire = {
  name: "custom",
  route,
  authenticate,
  refuse: customErrorReply,
  errorEvent: (refusal) => `data: ${JSON.stringify(customErrorReply(refusal).body)}\n\n`,
  headers,
}

function route({ method, path }: RequestTarget): Checked<Operation> {
  const [, name] = method === "POST" ? (PATH.exec(path) ?? []) : []
  const operation = name === undefined ? null : findTransform(name)
  return operation === null ? refused({ reason: "unknown_path", method, path }) : accepted(operation)
}

/** Such a service need not have keys: one is asked for only where keys are set. */
function authenticate(requestHeaders: IncomingHttpHeaders, apiKeys: readonly string[] | null): Checked<string> {
  const key = singleHeader(requestHeaders, "x-api-key") ?? bearerToken(requestHeaders)
  return key === undefined && apiKeys === null ? accepted("") : checkKey(key, apiKeys)
}

function headers({ requestId, retryAfterMs }: HeaderContext): Record<string, string> {
  const retryAfter = retryAfterMs === null ? {} : { "retry-after": String(Math.ceil(retryAfterMs / 1000)) }
  return { "x-request-id": requestId, ...retryAfter }
}
