import { z } from "zod"
import { deadLetterFilter, deadLetterSelection, oneWay, selectsOneWay } from "./dead-letter.ts"
import { maxPageSize } from "./queries.ts"
import { name, timestamp } from "./scalars.ts"
import { submitOptions } from "./submit.ts"

export const maxReplaysPerSecond = 1_000

/** What the replayed runs do differently; it holds for the job from then on. */
export const replayOverrides = z
  .strictObject({
    /** A route of the same kind. */
    route: name.optional(),
    /** Over the job's own. A replay's runs start at once, so they have no `runAt`. */
    options: submitOptions.omit({ runAt: true }).optional(),
    /** The only endpoint that the runs may call: one of their route's, of whatever tier. */
    endpoint: name.optional(),
  })
  .refine((overrides) => Object.keys(overrides).length > 0, { error: "Nothing is overridden. Leave `overrides` out, or name a field" })
export type ReplayOverrides = z.infer<typeof replayOverrides>

/** The body of `POST /v1/dead-letters/replay`. */
export const replayRequest = z
  .strictObject({
    ...deadLetterSelection,
    /** Counts what would be replayed, and changes nothing. */
    dryRun: z.boolean().default(false),
    /** How many runs start each second at most. */
    perSecond: z.int().min(1).max(maxReplaysPerSecond).default(50),
    overrides: replayOverrides.optional(),
  })
  .refine(selectsOneWay, oneWay)
export type ReplayRequest = z.infer<typeof replayRequest>

/** `running` until every run that it started has ended; a cancelled one starts no more. */
export const replayStatuses = ["running", "completed", "cancelled"] as const
export type ReplayStatus = (typeof replayStatuses)[number]

/** A replay as the API shows it. Every key is always there. The counts are at most some seconds old. */
export const replayResource = z.strictObject({
  /** Null for a dry run, which leaves nothing behind. */
  id: z.string().nullable(),
  object: z.literal("replay"),
  status: z.enum([...replayStatuses, "dry_run"]),
  /** Open dead letters that the selection had when it was made. */
  matched: z.int().nonnegative(),
  requeued: z.int().nonnegative(),
  succeeded: z.int().nonnegative(),
  /** Runs that failed again or expired: their dead letters are open again. */
  failed: z.int().nonnegative(),
  cancelled: z.int().nonnegative(),
  /** Of those matched, what was discarded, replayed otherwise or removed before its turn came. */
  skipped: z.int().nonnegative(),
  perSecond: z.int().positive(),
  filter: deadLetterFilter.nullable(),
  ids: z.array(z.string()).nullable(),
  overrides: replayOverrides.nullable(),
  by: z.string(),
  createdAt: timestamp,
  finishedAt: timestamp.nullable(),
  cancelRequestedAt: timestamp.nullable(),
  /** In words, when less was matched than was asked for. */
  hint: z.string().nullable(),
})
export type ReplayResource = z.infer<typeof replayResource>

/** The query of `GET /v1/replays`, newest first. */
export const listReplaysQuery = z.strictObject({
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
})
export type ListReplaysQuery = z.infer<typeof listReplaysQuery>
