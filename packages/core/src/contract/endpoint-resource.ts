import { z } from "zod"
import { tierName } from "./job-resource.ts"
import { kind } from "./kind.ts"
import { name, timestamp } from "./scalars.ts"

export const breakerState = z.enum(["closed", "open", "half_open"]).meta({ id: "BreakerState" })

const allowance = z.strictObject({
  limit: z.number().nullable().describe("Per minute; null where none is known."),
  used: z.number().nonnegative().describe("Of the last minute's, as far as admission has booked it."),
})

export const endpointResource = z
  .strictObject({
    name,
    object: z.literal("endpoint"),
    provider: z.string(),
    model: z.string(),
    region: z.string().nullable(),
    breaker: z.strictObject({
      state: breakerState,
      forced: z.enum(["open", "closed"]).nullable().describe("An operator's word over the breaker's own."),
      openUntil: timestamp.nullable(),
      trips: z.int().nonnegative(),
      history: z
        .array(
          z.strictObject({
            at: timestamp,
            state: breakerState,
            by: z.string().nullable().describe("The key of the operator who forced it, or gave it back; null: the breaker itself."),
            calls: z
              .strictObject({ total: z.int().nonnegative(), failed: z.int().nonnegative(), slow: z.int().nonnegative() })
              .nullable()
              .describe("The calls, or probes, that it was decided on; null where time or an operator did."),
          }),
        )
        .describe("The last hundred changes, of at most 30 days, the newest first."),
    }),
    calls: z
      .strictObject({
        total: z.int().nonnegative(),
        failed: z.int().nonnegative(),
        slow: z.int().nonnegative(),
        successRate: z.number().min(0).max(1).nullable(),
      })
      .describe("In the breaker's window."),
    latencyMs: z.number().nonnegative().nullable().describe("A moving average."),
    inFlight: z.int().nonnegative(),
    concurrencyCap: z.number().nullable(),
    requestsPerMinute: allowance.nullable(),
    tokensPerMinute: allowance.nullable(),
    pausedUntil: timestamp.nullable(),
    disabled: z.strictObject({ reason: z.enum(["credential", "quota"]), since: timestamp, until: timestamp }).nullable(),
  })
  .meta({ id: "Endpoint", description: "An endpoint with its live state, shared by all workers. Every key is always there." })
export type EndpointResource = z.infer<typeof endpointResource>

export const routeResource = z
  .strictObject({
    name,
    object: z.literal("route"),
    kind,
    tiers: z.array(z.strictObject({ name: tierName, endpoints: z.array(name) })),
    paused: z.strictObject({ since: timestamp, by: z.string() }).nullable(),
  })
  .meta({ id: "Route", description: "A route, and whether an operator has paused it." })
export type RouteResource = z.infer<typeof routeResource>

export const forceBreakerRequest = z.strictObject({ state: z.enum(["open", "closed", "auto"]) }).meta({
  id: "ForceBreakerRequest",
  description: "The body of `POST /v1/endpoints/{name}/breaker`. `auto` gives the word back to the breaker.",
})
