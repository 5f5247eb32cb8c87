import { z } from "zod"
import { deadLetterFilter, deadLetterSelection, oneWay, selectsOneWay } from "./dead-letter.ts"
import { pageQuery } from "./queries.ts"
import { name, timestamp } from "./scalars.ts"
import { submitOptions } from "./submit.ts"

export const maxReplaysPerSecond = 1_000

export const replayOverrides = z
  .strictObject({
    route: name.optional().describe("A route of the same kind."),
    options: submitOptions
      .omit({ runAt: true })
      .optional()
      .describe("Over the job's own. A replay's runs start at once, so they have no `runAt`."),
    endpoint: name.optional().describe("The only endpoint that the runs may call: one of their route's, of whatever tier."),
  })
  .refine((overrides) => Object.keys(overrides).length > 0, { error: "Nothing is overridden. Leave `overrides` out, or name a field" })
  .meta({ id: "ReplayOverrides", description: "What the replayed runs do differently; it holds for the job from then on." })
export type ReplayOverrides = z.infer<typeof replayOverrides>

export const replayRequest = z
  .strictObject({
    ...deadLetterSelection,
    dryRun: z.boolean().default(false).describe("Counts what would be replayed, and changes nothing."),
    perSecond: z.int().min(1).max(maxReplaysPerSecond).default(50).describe("How many runs start each second at most."),
    overrides: replayOverrides.optional(),
  })
  .refine(selectsOneWay, oneWay)
  .meta({ id: "ReplayRequest", description: "The body of `POST /v1/dead-letters/replay`." })
export type ReplayRequest = z.infer<typeof replayRequest>

/** `running` until every run that it started has ended; a cancelled one starts no more. */
export const replayStatuses = ["running", "completed", "cancelled"] as const
export type ReplayStatus = (typeof replayStatuses)[number]

export const replayResource = z
  .strictObject({
    id: z.string().nullable().describe("Null for a dry run, which leaves nothing behind."),
    object: z.literal("replay"),
    status: z.enum([...replayStatuses, "dry_run"]),
    matched: z.int().nonnegative().describe("Open dead letters that the selection had when it was made."),
    requeued: z.int().nonnegative(),
    succeeded: z.int().nonnegative(),
    failed: z.int().nonnegative().describe("Runs that failed again or expired: their dead letters are open again."),
    cancelled: z.int().nonnegative(),
    skipped: z.int().nonnegative().describe("Of those matched, what was discarded, replayed otherwise or removed before its turn came."),
    perSecond: z.int().positive(),
    filter: deadLetterFilter.nullable(),
    ids: z.array(z.string()).nullable(),
    overrides: replayOverrides.nullable(),
    by: z.string(),
    createdAt: timestamp,
    finishedAt: timestamp.nullable(),
    cancelRequestedAt: timestamp.nullable(),
    hint: z.string().nullable().describe("In words, when less was matched than was asked for."),
  })
  .meta({ id: "Replay", description: "A replay as the API shows it. Every key is always there. The counts are at most some seconds old." })
export type ReplayResource = z.infer<typeof replayResource>

/** The query of `GET /v1/replays`, newest first. */
export const listReplaysQuery = z.strictObject({
  ...pageQuery,
})
export type ListReplaysQuery = z.infer<typeof listReplaysQuery>
