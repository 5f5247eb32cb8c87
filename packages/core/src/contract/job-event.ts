import { z } from "zod"
import { attemptResource, jobResource, waiting } from "./job-resource.ts"
import { jobId, timestamp } from "./scalars.ts"
import { finalEventTypes } from "./vocabulary.ts"

/** The beginning of a call, as the ledger will show it when it has ended. */
export const attemptStart = attemptResource.pick({
  number: true,
  tier: true,
  endpoint: true,
  provider: true,
  model: true,
  region: true,
  startedAt: true,
})
export type AttemptStart = z.infer<typeof attemptStart>

const ofJob = { jobId, run: z.int().positive() }

const ofAttempt = z
  .int()
  .positive()
  .nullable()
  .describe("The number of the attempt whose text it is; null for an answer that no attempt of this job gave: a kept or a prepared one.")

export const jobEvent = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("job.queued"), ...ofJob, at: timestamp }),
    z.strictObject({ type: z.literal("job.waiting"), ...ofJob, waiting }),
    z.strictObject({ type: z.literal("job.started"), ...ofJob, at: timestamp.describe("When the run was first taken up.") }),
    z.strictObject({ type: z.literal("attempt.started"), ...ofJob, attempt: attemptStart }),
    z.strictObject({ type: z.literal("attempt.ended"), ...ofJob, attempt: attemptResource }),
    z.strictObject({
      type: z.literal("output.delta"),
      ...ofJob,
      attempt: ofAttempt,
      offset: z.int().nonnegative().describe("How many UTF-16 units of the text have been told before this piece."),
      text: z.string().min(1).describe("Goes on where the piece before ended. At most 65,536 UTF-16 units."),
    }),
    z.strictObject({
      type: z.literal("output.reset"),
      ...ofJob,
      attempt: ofAttempt.describe("Whose text begins anew: forget what came before."),
    }),
    z.strictObject({ type: z.literal([...finalEventTypes]), ...ofJob, job: jobResource.describe("As `GET /v1/jobs/{id}` shows it.") }),
  ])
  .meta({ id: "JobEvent", description: "The data of one event of `GET /v1/jobs/{id}/events`. `type` is also the name of the event." })
export type JobEvent = z.infer<typeof jobEvent>
export type JobEventOf<Type extends JobEvent["type"]> = Extract<JobEvent, { type: Type }>

export const maxDeltaChars = 65_536

/** The query of `GET /v1/jobs/{id}/events`, for what cannot send the header `Last-Event-ID`, which wins over it. */
export const jobEventsQuery = z.strictObject({
  lastEventId: z
    .string()
    .max(256)
    .optional()
    .meta({
      description: "The id of the last event that arrived: the stream goes on after it.",
      examples: ["1-3--1-1x2y3z-0-1-24-9k2m1a"],
    }),
})
