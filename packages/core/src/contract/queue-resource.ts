import { z } from "zod"
import { name, timestamp } from "./scalars.ts"

/** What is in the queue of a route. Every key is always there. */
export const queueResource = z.strictObject({
  /** That of its route. */
  name,
  object: z.literal("queue"),
  /** In line by their tenants' turns. */
  prioritized: z.int().nonnegative(),
  /** Ahead of the line, e.g. taken over from a worker that has gone. */
  waiting: z.int().nonnegative(),
  /** Not due yet. */
  delayed: z.int().nonnegative(),
  active: z.int().nonnegative(),
  /** Whether an operator has paused it: workers finish what they have, and fetch nothing. */
  paused: z.boolean(),
  /** When the oldest of the next hundred in line came into the queue. */
  oldestWaitingSince: timestamp.nullable(),
  oldestWaitingMs: z.int().nonnegative().nullable(),
})
export type QueueResource = z.infer<typeof queueResource>
