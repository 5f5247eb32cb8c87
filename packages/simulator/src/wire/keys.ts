import type { IncomingHttpHeaders } from "node:http"
import { accepted, type Checked, refused } from "./refusal.ts"

/** The token of an `Authorization: Bearer` header. */
export function bearerToken({ authorization }: IncomingHttpHeaders): string | undefined {
  const prefix = "bearer "
  if (authorization?.slice(0, prefix.length).toLowerCase() !== prefix) return undefined
  return authorization.slice(prefix.length).trim()
}

/** The value of a header that is sent once. */
export function singleHeader(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === "string" ? value : undefined
}

/** Lets a key pass if there is one and `apiKeys` holds it; null lets any pass. */
export function checkKey(key: string | undefined, apiKeys: readonly string[] | null): Checked<string> {
  if (key === undefined || key === "") return refused({ reason: "missing_key" })
  if (apiKeys !== null && !apiKeys.includes(key)) return refused({ reason: "wrong_key", key })
  return accepted(key)
}
