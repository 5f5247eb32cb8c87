import { z } from "zod"
import { errorType, jobStatus, quality, tierName } from "./job-resource.ts"
import { name } from "./scalars.ts"

/** The longest that a caller may wait for an answer, in seconds. */
export const maxWaitSeconds = 60

const waitSeconds = z.coerce.number().min(0).max(maxWaitSeconds)

const listOf = <T extends z.ZodType<string, string>>(item: T) =>
  z
    .string()
    .transform((text) => text.split(",").filter((part) => part !== ""))
    .pipe(z.array(item))

export const expansions = ["attempts", "deliveries", "input"] as const
export type Expansion = (typeof expansions)[number]
const expand = listOf(z.enum(expansions))

/** The query of `GET /v1/jobs/{id}`. */
export const getJobQuery = z.strictObject({ wait: waitSeconds.optional(), expand: expand.optional() })
export type GetJobQuery = z.infer<typeof getJobQuery>

/** The query of `POST /v1/jobs`: `wait` may be given here as well as by `Prefer`. */
export const submitJobQuery = z.strictObject({ wait: waitSeconds.optional() })

export const maxPageSize = 200

/** The query of `GET /v1/jobs`. `status` takes several values, separated by commas; `metadata.KEY` is handled beside it. */
export const listJobsQuery = z.strictObject({
  status: listOf(jobStatus).optional(),
  route: name.optional(),
  errorType: errorType.optional(),
  tier: tierName.optional(),
  quality: quality.optional(),
  batchId: z.string().max(64).optional(),
  createdAfter: z.iso.datetime({ offset: true }).optional(),
  createdBefore: z.iso.datetime({ offset: true }).optional(),
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
})
export type ListJobsQuery = z.infer<typeof listJobsQuery>

/** A page of a list; `nextCursor` is null on the last. */
export const pageOf = <T extends z.ZodType>(item: T) => z.strictObject({ data: z.array(item), nextCursor: z.string().nullable() })
