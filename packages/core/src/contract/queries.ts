import { z } from "zod"
import { errorType, jobStatus, quality, tierName } from "./job-resource.ts"
import { moment, name } from "./scalars.ts"

/** The longest that a caller may wait for an answer, in seconds. */
export const maxWaitSeconds = 60

const waitSeconds = z.coerce
  .number()
  .min(0)
  .max(maxWaitSeconds)
  .optional()
  .meta({ description: `Seconds to wait for the end of the job, at most ${maxWaitSeconds}. Default 0.`, examples: [20] })

export const listOf = <T extends z.ZodType<string, string>>(item: T) =>
  z
    .string()
    .transform((text) => text.split(",").filter((part) => part !== ""))
    .pipe(z.array(item))

export const expansions = ["attempts", "waits", "runs", "deliveries", "input"] as const
export type Expansion = (typeof expansions)[number]
const expand = listOf(z.enum(expansions))
  .optional()
  .meta({
    description: "What to show as well, separated by commas: `attempts`, `waits`, `runs`, `deliveries`, `input`.",
    param: { example: "attempts,deliveries" },
  })

/** The query of `GET /v1/jobs/{id}`. */
export const getJobQuery = z.strictObject({ wait: waitSeconds, expand })
export type GetJobQuery = z.infer<typeof getJobQuery>

/** The query of `POST /v1/jobs`: `wait` may be given here as well as by `Prefer`. */
export const submitJobQuery = z.strictObject({ wait: waitSeconds })

export const maxPageSize = 200

/** The part of a query that every list has. */
export const pageQuery = {
  cursor: z
    .string()
    .max(512)
    .optional()
    .meta({ description: "The `nextCursor` of the page before.", examples: ["am9iXzAxOTkzZjBhYzFkMjdjNGU4YjYwYTFiMmMzZDRlNWY2"] }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(maxPageSize)
    .default(50)
    .meta({ description: `How many at most, up to ${maxPageSize}.`, examples: [50] }),
}

/** The query of `GET /v1/jobs`. `status` takes several values, separated by commas; `metadata.KEY` is handled beside it. */
export const listJobsQuery = z.strictObject({
  status: listOf(jobStatus)
    .optional()
    .meta({ description: "One or more, separated by commas.", param: { example: "failed,expired" } }),
  route: name.optional().describe("Of this route."),
  errorType: errorType.optional().describe("What it failed with."),
  tier: tierName.optional().describe("The tier that served it."),
  quality: quality.optional().describe("The quality of what it was served."),
  batchId: z
    .string()
    .max(64)
    .optional()
    .meta({ description: "Of this batch.", examples: ["batch_01993f0ac1d27c4e8b60a1b2c3d4e5f6"] }),
  createdAfter: moment.optional().describe("Submitted after this moment."),
  createdBefore: moment.optional().describe("Submitted before this moment."),
  ...pageQuery,
})
export type ListJobsQuery = z.infer<typeof listJobsQuery>

/** A page of a list; `nextCursor` is null on the last. */
export const pageOf = <T extends z.ZodType>(item: T) => z.strictObject({ data: z.array(item), nextCursor: z.string().nullable() })
