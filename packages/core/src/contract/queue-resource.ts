import { z } from "zod"
import { name, timestamp } from "./scalars.ts"

export const queueResource = z
  .strictObject({
    name: name.describe("That of its route."),
    object: z.literal("queue"),
    prioritized: z.int().nonnegative().describe("In line by their tenants' turns."),
    waiting: z.int().nonnegative().describe("Ahead of the line, e.g. taken over from a worker that has gone."),
    delayed: z.int().nonnegative().describe("Not due yet."),
    active: z.int().nonnegative(),
    paused: z.boolean().describe("Whether an operator has paused it: workers finish what they have, and fetch nothing."),
    oldestWaitingSince: timestamp.nullable().describe("When the oldest of the next hundred in line came into the queue."),
    oldestWaitingMs: z.int().nonnegative().nullable(),
  })
  .meta({ id: "Queue", description: "What is in the queue of a route. Every key is always there." })
export type QueueResource = z.infer<typeof queueResource>
