import { z } from "zod"
import { jobId, json, milliseconds, name } from "./scalars.ts"

export const seedCacheRequest = z
  .strictObject({
    items: z
      .array(json)
      .min(1)
      .max(10_000)
      .describe(
        "Each `{route, input, output, cacheKey?}`. They are looked at one by one, so that one that is wrong does not keep out the others.",
      ),
    keepMs: milliseconds.optional().describe("Default: 7 days."),
  })
  .meta({
    id: "SeedCacheRequest",
    description: "The body of `POST /v1/cache/seed` as JSON. As NDJSON each line is an item, and `keepMs` stands in the query.",
  })
export type SeedCacheRequest = z.infer<typeof seedCacheRequest>

/** The query of `POST /v1/cache/seed` with NDJSON. */
export const seedCacheQuery = z.strictObject({
  keepMs: z.coerce
    .number()
    .pipe(milliseconds)
    .optional()
    .meta({ description: "How long the answers of NDJSON are kept, in milliseconds. Default 7 days.", examples: [604_800_000] }),
})

export const seedReport = z
  .strictObject({
    object: z.literal("cache_seed"),
    stored: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    errors: z
      .array(z.strictObject({ line: z.int().positive(), detail: z.string() }))
      .describe("The first hundred. `line` counts items, or the lines of NDJSON, from 1 on."),
  })
  .meta({ id: "SeedReport", description: "What became of the items." })
export type SeedReportResource = z.infer<typeof seedReport>

const selections = ["input", "cacheKey", "olderThan"] as const

export const invalidateCacheRequest = z
  .strictObject({
    jobId: jobId.optional(),
    route: name.optional(),
    input: json.optional(),
    cacheKey: z.string().min(1).max(256).optional(),
    olderThan: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ jobId: job, route }) => (job === undefined) !== (route === undefined), { error: "Give either `route` or `jobId`" })
  .refine((body) => selections.filter((key) => body[key] !== undefined).length <= (body.route === undefined ? 0 : 1), {
    error: "Give at most one of `input`, `cacheKey` and `olderThan`, and only with `route`",
  })
  .meta({
    id: "InvalidateCacheRequest",
    description:
      "The body of `POST /v1/cache/invalidate`: what of the tenant shall not be given again. Either all that a job left, or of a route everything, the answer to one input, those under one `cacheKey`, or those stored before a time.",
  })
export type InvalidateCacheRequest = z.infer<typeof invalidateCacheRequest>

export const invalidationReport = z
  .strictObject({ object: z.literal("cache_invalidation"), removed: z.int().nonnegative() })
  .meta({ id: "InvalidationReport" })
export type InvalidationReport = z.infer<typeof invalidationReport>
