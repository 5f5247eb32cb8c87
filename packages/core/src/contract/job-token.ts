import { z } from "zod"
import { jobId, timestamp } from "./scalars.ts"

export const jobTokenResource = z
  .strictObject({
    object: z.literal("job_token"),
    jobId,
    token: z.string().describe("Goes as `?token=` to the addresses of the job."),
    expiresAt: timestamp,
  })
  .meta({ id: "JobToken", description: "Lets a browser read this one job, its events, output and images for 15 minutes." })
export type JobTokenResource = z.infer<typeof jobTokenResource>

/** The parameter by which a browser sends a token, since `EventSource` and `<img>` send no headers. */
export const jobTokenQuery = {
  token: z
    .string()
    .optional()
    .meta({
      description:
        "Instead of a key: a token of this job, as `POST /v1/jobs/{id}/token` gives them. With it, pages of any origin may read the answer.",
      examples: ["jt_01993f0ac1d27c4e8b60a1b2c3d4e5f6.acme.1763662500.q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c"],
    }),
}
