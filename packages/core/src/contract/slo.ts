import { z } from "zod"
import { objectiveNames } from "../objectives/objective.ts"
import { name, timestamp } from "./scalars.ts"

/** How far back objectives are judged. */
export const sloWindows = ["1h", "6h", "1d", "7d", "30d"] as const
export type SloWindow = (typeof sloWindows)[number]

/** Over how long burn rates are told: pairs of a long and a short one make alerts that are neither late nor nervous. */
export const burnWindows = ["5m", "30m", "1h", "6h", "3d"] as const
export type BurnWindow = (typeof burnWindows)[number]

/** The query of `GET /v1/slo`. */
export const sloQuery = z.strictObject({
  window: z
    .enum(sloWindows)
    .default("1d")
    .describe("How far back: to the minute for an hour, to the hour beyond. `30d` is for all tenants together only."),
  route: name.optional().describe("Of this route."),
  tenant: name.optional().describe("Operators only: of this tenant. Default for operators: all together."),
})
export type SloQuery = z.infer<typeof sloQuery>

const count = z.int().nonnegative()
const milliseconds = z.int().nonnegative().nullable()
const rate = z.number().nonnegative().nullable()

const objectiveStatus = z
  .strictObject({
    name: z.enum(objectiveNames).meta({
      description:
        "`availability`: jobs with an answer, of those that ended otherwise than by the caller's own doing. `quality`: answers of the tiers `primary` and `fallback`. `latency`: answers of the primary tier within `limitMs`. `cache_freshness`: kept answers not older than `limitMs`.",
    }),
    target: z.number().gt(0).lt(1).describe("The share of events that is to be good."),
    limitMs: milliseconds.describe("Above it an event is bad; null where that is not a matter of time."),
    actual: z.number().min(0).max(1).nullable().describe("The share that was; null without events."),
    p99Ms: milliseconds.describe("Of `latency` and `cache_freshness`: the 99th percentile, within 2.5 %."),
    events: count,
    bad: count,
    met: z.boolean().nullable().describe("Whether the target was reached; null without events."),
    budgetLeft: z
      .number()
      .max(1)
      .nullable()
      .describe("The share of the window's allowed bad events that is left; below 0 more were bad than allowed; null without events."),
    burnRates: z
      .record(z.enum(burnWindows), rate)
      .describe("How fast the budget is used up of late: 1 uses up just what is allowed. Null without events."),
  })
  .meta({ id: "ObjectiveStatus" })
export type ObjectiveStatus = z.infer<typeof objectiveStatus>

export const sloOfRoute = z
  .strictObject({
    route: name.nullable().describe("Null: all routes together, each counted by its own limits."),
    jobs: z.strictObject({ succeeded: count, failed: count, cancelled: count, expired: count }),
    tiers: z.record(z.string(), count).describe("How many of those that succeeded each tier answered."),
    errors: z.record(z.string(), count).describe("How many failed or expired, by the type of their error; without those that had none."),
    latencyMs: z
      .strictObject({ p50: milliseconds, p95: milliseconds, p99: milliseconds })
      .describe("Of all answers, from when a job could run, within 2.5 %."),
    tokens: count.describe("In and out, of calls that began in the window."),
    objectives: z.array(objectiveStatus),
  })
  .meta({ id: "RouteObjectives" })
export type SloOfRoute = z.infer<typeof sloOfRoute>

export const sloResource = z
  .strictObject({
    object: z.literal("slo"),
    window: z.enum(sloWindows),
    from: timestamp.describe("What ended since then is counted."),
    asOf: timestamp.describe("All that happened until then is in the figures."),
    data: z.array(sloOfRoute).describe("All routes together first, then each."),
  })
  .meta({ id: "Objectives", description: "How the objectives are kept, and how much may still go wrong." })
export type SloResource = z.infer<typeof sloResource>
