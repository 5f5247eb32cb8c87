import { z } from "zod"
import { tierName } from "./job-resource.ts"
import { kind } from "./kind.ts"
import { name, timestamp } from "./scalars.ts"

export const breakerState = z.enum(["closed", "open", "half_open"])

const allowance = z.strictObject({
  /** Per minute; null where none is known. */
  limit: z.number().nullable(),
  /** Of the last minute's, as far as admission has booked it. */
  used: z.number().nonnegative(),
})

/** An endpoint with its live state, shared by all workers. Every key is always there. */
export const endpointResource = z.strictObject({
  name,
  object: z.literal("endpoint"),
  provider: z.string(),
  model: z.string(),
  region: z.string().nullable(),
  breaker: z.strictObject({
    state: breakerState,
    /** An operator's word over the breaker's own. */
    forced: z.enum(["open", "closed"]).nullable(),
    openUntil: timestamp.nullable(),
    trips: z.int().nonnegative(),
    history: z.array(z.strictObject({ at: timestamp, state: breakerState, by: z.string().nullable() })),
  }),
  /** In the breaker's window. */
  calls: z.strictObject({
    total: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    slow: z.int().nonnegative(),
    successRate: z.number().min(0).max(1).nullable(),
  }),
  /** A moving average. */
  latencyMs: z.number().nonnegative().nullable(),
  inFlight: z.int().nonnegative(),
  concurrencyCap: z.number().nullable(),
  requestsPerMinute: allowance.nullable(),
  tokensPerMinute: allowance.nullable(),
  pausedUntil: timestamp.nullable(),
  disabled: z.strictObject({ reason: z.enum(["credential", "quota"]), since: timestamp, until: timestamp }).nullable(),
})
export type EndpointResource = z.infer<typeof endpointResource>

/** A route, and whether an operator has paused it. */
export const routeResource = z.strictObject({
  name,
  object: z.literal("route"),
  kind,
  tiers: z.array(z.strictObject({ name: tierName, endpoints: z.array(name) })),
  paused: z.strictObject({ since: timestamp, by: z.string() }).nullable(),
})
export type RouteResource = z.infer<typeof routeResource>

/** The body of `POST /v1/endpoints/{name}/breaker`. `auto` gives the word back to the breaker. */
export const forceBreakerRequest = z.strictObject({ state: z.enum(["open", "closed", "auto"]) })
