import { z } from "zod"
import { usageGroupings } from "../ports/usage-ledger.ts"
import { listOf } from "./queries.ts"
import { name, timestamp } from "./scalars.ts"
import { statsWindows } from "./vocabulary.ts"

const day = z.iso.date().meta({ examples: ["2026-11-20"] })

/** Groups of one answer at most. */
export const maxUsageGroups = 10_000

/** The query of `GET /v1/usage`. */
export const usageQuery = z.strictObject({
  from: day.optional().describe("The first day, UTC. Default: 29 days before `to`."),
  to: day.optional().describe("The last day, UTC, itself included. Default: today."),
  groupBy: listOf(z.enum(usageGroupings))
    .optional()
    .meta({
      description: `One or more of ${usageGroupings.join(", ")}, separated by commas. Default: one sum.`,
      param: { example: "day,route" },
    }),
  route: name.optional().describe("Of this route."),
  endpoint: name.optional().describe("Calls of this endpoint, and jobs that it served."),
  model: z
    .string()
    .max(256)
    .optional()
    .meta({ description: "Calls of this model, and jobs that it served.", examples: ["gpt-4o-mini"] }),
  credential: z.enum(["platform", "tenant"]).optional().describe("Whose contract with the provider the calls were made on."),
  tenant: name.optional().describe("Operators only: of this tenant. Default for operators: all."),
  format: z.enum(["json", "csv"]).optional().describe("Default: what `Accept` asks for, else `json`."),
})
export type UsageQuery = z.infer<typeof usageQuery>

const count = z.int().nonnegative()

export const usageFiguresResource = z
  .strictObject({
    jobs: count.describe("That ended, by the time of their end."),
    degradedJobs: count.describe("Of those, answered by a lower tier than asked for."),
    cachedJobs: count.describe("Of those, answered from a cache."),
    calls: count.describe("To providers, failed ones included, by the time at which they began."),
    unpricedCalls: count.describe("Of those, calls that used something, of models without a known price: they are not in `costUsd`."),
    inputTokens: count,
    cachedInputTokens: count.describe("The part of `inputTokens` that providers served from their prompt caches."),
    outputTokens: count,
    images: count,
    costUsd: z.number().nonnegative(),
  })
  .meta({ id: "UsageFigures" })
export type UsageFiguresResource = z.infer<typeof usageFiguresResource>

export const usageResource = z
  .strictObject({
    object: z.literal("usage"),
    from: day,
    to: day,
    groupBy: z.array(z.enum(usageGroupings)),
    asOf: timestamp.describe("All that happened until then is in the figures; usually some seconds ago."),
    data: z.array(
      z.strictObject({
        group: z
          .partialRecord(z.enum(usageGroupings), z.string().nullable())
          .describe("A value for each of `groupBy`; null where there is none, as for the endpoint of a job that failed."),
        ...usageFiguresResource.shape,
      }),
    ),
    total: usageFiguresResource,
  })
  .meta({ id: "UsageReport" })
export type UsageResource = z.infer<typeof usageResource>

/** The query of `GET /v1/stats`. */
export const statsQuery = z.strictObject({
  window: z
    .enum(statsWindows)
    .default("1h")
    .describe("How far back: by the minute up to an hour, by 5 minutes for 6 hours, by 15 for a day, by the hour for a week."),
  route: name.optional().describe("Of this route."),
  tenant: name.optional().describe("Operators only: of this tenant. Default for operators: all together."),
})
export type StatsQuery = z.infer<typeof statsQuery>

const milliseconds = z.int().nonnegative().nullable()

const statsFigures = z
  .strictObject({
    succeeded: count,
    failed: count,
    cancelled: count,
    expired: count,
    jobsPerSecond: z.number().nonnegative(),
    successShare: z.number().min(0).max(1).nullable().describe("Of those that were not cancelled; null when there were none."),
    degraded: count,
    cached: count,
    tiers: z.record(z.string(), count).describe("How many of those that succeeded each tier answered."),
    latencyMs: z
      .strictObject({ p50: milliseconds, p95: milliseconds, p99: milliseconds })
      .describe("From when a job could run to its good end, within 2.5 %; null when there was none."),
  })
  .meta({ id: "StatsFigures" })
export type StatsFigures = z.infer<typeof statsFigures>

export const statsResource = z
  .strictObject({
    object: z.literal("stats"),
    window: z.enum(statsWindows),
    stepMs: z.int().positive(),
    asOf: timestamp,
    data: z.array(z.strictObject({ at: timestamp.describe("The beginning of the step."), ...statsFigures.shape })),
    total: statsFigures,
  })
  .meta({ id: "Stats" })
export type StatsResource = z.infer<typeof statsResource>

/** The query of `GET /v1/stats/endpoints`. */
export const endpointStatsQuery = z.strictObject({
  window: z
    .enum(statsWindows)
    .default("1h")
    .describe("How far back: by the minute up to an hour, by 5 minutes for 6 hours, by the hour for a day and for a week."),
})
export type EndpointStatsQuery = z.infer<typeof endpointStatsQuery>

const callFigures = {
  calls: count.describe("By when they began, whatever became of them."),
  failed: count,
  cancelled: count.describe("Ended by a cancellation or by the job's deadline: they say nothing of the endpoint."),
  errors: z.record(z.string(), count).describe("How many failed with each class of error. Classes without any are not there."),
  latencyMs: z
    .strictObject({ p50: milliseconds, p95: milliseconds, p99: milliseconds })
    .describe("Of the calls that were answered well, within 2.5 %; null when there was none."),
}

export const endpointStatsResource = z
  .strictObject({
    object: z.literal("endpoint_stats"),
    window: z.enum(statsWindows),
    stepMs: z.int().positive(),
    from: timestamp.describe("The beginning of the first step."),
    asOf: timestamp,
    data: z.array(
      z.strictObject({
        endpoint: name,
        ...callFigures,
        successShare: z.number().min(0).max(1).nullable().describe("Of those that were not cancelled; null when there were none."),
        steps: z
          .array(
            z.strictObject({
              at: timestamp.describe("The beginning of the step."),
              calls: count,
              failed: count,
              p50: milliseconds,
              p95: milliseconds,
            }),
          )
          .describe("The oldest first; the last one is not over yet. Steps without calls are there too."),
      }),
    ),
  })
  .meta({ id: "EndpointStats", description: "How calls to providers fared. Endpoints that were not called are not there." })
export type EndpointStatsResource = z.infer<typeof endpointStatsResource>
