import { goDuration } from "../limits/go-duration.ts"
import type { BucketState } from "../limits/token-bucket.ts"
import type { HeaderContext } from "../wire/wire.ts"

/** How a service writes the time until an allowance is full again. */
type WriteReset = (resetMs: number) => string

/** Response headers of OpenAI: the request's id, what is left of the limits, when to come back. */
export function openaiHeaders(context: HeaderContext): Record<string, string> {
  return { "x-request-id": context.requestId, "openai-version": "2020-10-01", ...limitHeaders(context, goDuration) }
}

/** The limit headers that OpenAI made common, with resets as `writeReset` writes them. */
export function limitHeaders({ limits, retryAfterMs }: HeaderContext, writeReset: WriteReset): Record<string, string> {
  if (limits === null && retryAfterMs === null) return {}
  return {
    ...describeBucket("requests", limits?.requests ?? null, writeReset),
    ...describeBucket("tokens", limits?.tokens ?? null, writeReset),
    ...retryAfterHeaders(retryAfterMs),
  }
}

/** `retry-after` in whole seconds, never too early, and the exact time beside it. */
function retryAfterHeaders(retryAfterMs: number | null): Record<string, string> {
  if (retryAfterMs === null) return {}
  return { "retry-after": String(Math.ceil(retryAfterMs / 1000)), "retry-after-ms": String(retryAfterMs) }
}

function describeBucket(name: string, bucket: BucketState | null, writeReset: WriteReset): Record<string, string> {
  if (bucket === null) return {}
  return {
    [`x-ratelimit-limit-${name}`]: String(bucket.limit),
    [`x-ratelimit-remaining-${name}`]: String(bucket.remaining),
    [`x-ratelimit-reset-${name}`]: writeReset(bucket.resetMs),
  }
}
