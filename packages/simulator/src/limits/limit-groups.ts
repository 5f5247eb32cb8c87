import { type BucketState, bucketState, createBucket, draw, type TokenBucket, waitFor } from "./token-bucket.ts"

export interface LimitSettings {
  readonly requestsPerMinute: number | null
  /** Prompt and output together. */
  readonly tokensPerMinute: number | null
  /** How much of a minute's allowance can be used at once. */
  readonly burstMs: number
  /** Calls that share one allowance: those with the same key and model, or all. */
  readonly scope: "key-and-model" | "all"
}

export interface LimitState {
  readonly requests: BucketState | null
  readonly tokens: BucketState | null
}

export interface LimitRefusal {
  readonly limit: "requests" | "tokens"
  readonly perMinute: number
  readonly remaining: number
  readonly requested: number
  /** Until the same call would pass; null when it is larger than the allowance and never will. */
  readonly waitMs: number | null
}

/** One allowance that calls share, as a provider keeps it: a bucket of requests and a bucket of tokens. */
export interface LimitGroup {
  /** Charges one request and `tokens`, or charges nothing and says why not. */
  admit(tokens: number): LimitRefusal | null
  /** Corrects an earlier charge to what was really used. */
  settle(usage: { chargedTokens: number; usedTokens: number }): void
  state(): LimitState
}

/** The allowances of a simulator by key and model, made when first used. Null where there are no limits. */
export type LimitGroups = (caller: { key: string; model: string }) => LimitGroup | null

/** Fresh, full allowances. `now` is in milliseconds. */
export function createLimitGroups(settings: LimitSettings, now: () => number): LimitGroups {
  const { requestsPerMinute, tokensPerMinute, scope } = settings
  if (requestsPerMinute === null && tokensPerMinute === null) return () => null
  const groups = new Map<string, LimitGroup>()
  return ({ key, model }) => {
    const name = scope === "all" ? "" : `${key}\n${model}`
    const known = groups.get(name)
    if (known !== undefined) return known
    const group = createGroup(settings, now)
    groups.set(name, group)
    return group
  }
}

function createGroup({ requestsPerMinute, tokensPerMinute, burstMs }: LimitSettings, now: () => number): LimitGroup {
  const bucket = (perMinute: number | null) => (perMinute === null ? null : createBucket({ perMinute, burstMs, nowMs: now() }))
  const requests = bucket(requestsPerMinute)
  const tokens = bucket(tokensPerMinute)
  return {
    admit(amount) {
      const nowMs = now()
      const refusal =
        refuse({ limit: "requests", bucket: requests, amount: 1, nowMs }) ?? refuse({ limit: "tokens", bucket: tokens, amount, nowMs })
      if (refusal !== null) return refusal
      if (requests !== null) draw(requests, 1, nowMs)
      if (tokens !== null) draw(tokens, amount, nowMs)
      return null
    },
    settle({ chargedTokens, usedTokens }) {
      if (tokens !== null) draw(tokens, usedTokens - chargedTokens, now())
    },
    state() {
      const nowMs = now()
      return { requests: requests && bucketState(requests, nowMs), tokens: tokens && bucketState(tokens, nowMs) }
    },
  }
}

interface Draw {
  limit: LimitRefusal["limit"]
  bucket: TokenBucket | null
  amount: number
  nowMs: number
}

function refuse({ limit, bucket, amount, nowMs }: Draw): LimitRefusal | null {
  if (bucket === null) return null
  const waitMs = amount > bucket.perMinute ? null : waitFor(bucket, amount, nowMs)
  if (waitMs === 0) return null
  return { limit, perMinute: bucket.perMinute, remaining: bucketState(bucket, nowMs).remaining, requested: amount, waitMs }
}
