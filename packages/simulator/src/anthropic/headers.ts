import type { BucketState } from "../limits/token-bucket.ts"
import type { HeaderContext } from "../wire/wire.ts"

/** Response headers of Anthropic: the request's id, what is left of the limits, when to come back. */
export function anthropicHeaders({ requestId, limits, retryAfterMs, nowMs }: HeaderContext): Record<string, string> {
  return {
    "request-id": requestId,
    "anthropic-organization-id": "00000000-0000-4000-8000-000000000000",
    ...describeBucket("requests", limits?.requests ?? null, nowMs),
    ...describeTokens(limits?.tokens ?? null, nowMs),
    ...(retryAfterMs === null ? {} : { "retry-after": String(Math.ceil(retryAfterMs / 1000)) }),
  }
}

/** The simulator keeps one allowance of tokens; `tokens` stands for whichever limit is the narrowest, which is this one. */
function describeTokens(bucket: BucketState | null, nowMs: number): Record<string, string> {
  return {
    ...describeBucket("tokens", bucket, nowMs),
    ...describeBucket("input-tokens", bucket, nowMs),
    ...describeBucket("output-tokens", bucket, nowMs),
  }
}

function describeBucket(name: string, bucket: BucketState | null, nowMs: number): Record<string, string> {
  if (bucket === null) return {}
  return {
    [`anthropic-ratelimit-${name}-limit`]: String(bucket.limit),
    [`anthropic-ratelimit-${name}-remaining`]: String(bucket.remaining),
    [`anthropic-ratelimit-${name}-reset`]: wholeSecond(nowMs + bucket.resetMs),
  }
}

/** RFC 3339 in whole seconds, never too early. */
function wholeSecond(timeMs: number): string {
  return new Date(Math.ceil(timeMs / 1000) * 1000).toISOString().replace(".000Z", "Z")
}
