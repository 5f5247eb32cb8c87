import type { LimitRefusal } from "../limits/limit-groups.ts"
import type { RequestIssue } from "./request-issue.ts"

/** Why a call is not answered, in no provider's words: each wire says it in its own. */
export type Refusal =
  | { readonly reason: "missing_key" }
  | { readonly reason: "wrong_key"; readonly key: string }
  | { readonly reason: "missing_header"; readonly header: string }
  | { readonly reason: "forbidden" }
  | { readonly reason: "unknown_path"; readonly method: string; readonly path: string }
  | { readonly reason: "malformed_json" }
  | { readonly reason: "body_too_large"; readonly maxBytes: number }
  | { readonly reason: "invalid_request"; readonly issue: RequestIssue }
  | { readonly reason: "unknown_model"; readonly model: string }
  | { readonly reason: "context_length"; readonly tokens: number; readonly contextTokens: number }
  | { readonly reason: "content_filter" }
  | { readonly reason: "rate_limited"; readonly model: string; readonly limit: LimitRefusal | null }
  | { readonly reason: "quota" }
  | { readonly reason: "internal_error" }
  | { readonly reason: "unavailable" }
  | { readonly reason: "overloaded" }

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

export function accepted<T>(value: T): Checked<T> {
  return { ok: true, value }
}

export function refused(refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal }
}
