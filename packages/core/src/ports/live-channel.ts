import { z } from "zod"
import { attemptStart } from "../contract/job-event.ts"
import { attemptResource, waiting } from "../contract/job-resource.ts"
import { jobId } from "../contract/scalars.ts"

/**
 * What a worker tells of one execution while it lasts. What is left out is as it was told before; a first update, and the one
 * after a reader has asked anew, has everything.
 */
export const liveUpdate = z.object({
  jobId,
  run: z.int().positive(),
  /** Names the execution: numbers of attempts and offsets of texts are those within it. */
  execution: z.string(),
  startedAt: z.iso.datetime().nullable().optional(),
  /** The calls of this execution that have ended. */
  attempts: z.array(attemptResource).optional(),
  /** The call under way. */
  current: attemptStart.nullable().optional(),
  /** A piece of what the call under way, or the last one, has written. Begins at 0 with each call. */
  text: z.object({ attempt: z.int(), offset: z.int().nonnegative(), piece: z.string() }).optional(),
  /** The execution is over: the job is back in line, and waits for this. */
  handedBack: z.object({ waiting: waiting.nullable() }).optional(),
})
export type LiveUpdate = z.infer<typeof liveUpdate>

/** Whose jobs somebody looks at, told by one process that has readers. */
export const announcement = z.object({
  /** The process, under a name that is its own. */
  reader: z.string(),
  /** Tell everything of these, and from then on what is new. */
  watched: z.array(z.string()),
  /** Go on telling what is new of these; whoever does not know this reader of a job yet tells everything. */
  renewed: z.array(z.string()),
  /** Nobody looks at these any more. */
  left: z.array(z.string()),
})
export type Announcement = z.infer<typeof announcement>

/**
 * Carries what executions tell to the processes that have readers. Best effort, as nothing here is needed to execute a job or
 * to learn of its end: messages may be lost, or come late. No method throws or keeps its caller waiting.
 */
export interface LiveChannel {
  /** For processes with readers: their own name is added. */
  announce(announcement: Omit<Announcement, "reader">): void
  /** The updates that were published for this process. Returns a function that ends the subscription. */
  onUpdates(listener: (updates: readonly LiveUpdate[]) => void): () => void
  /** A worker has begun to listen, and does not know who watches what. */
  onCalled(listener: () => void): () => void
  /** For workers. */
  publish(message: { readonly reader: string; readonly updates: readonly LiveUpdate[] }): void
  onAnnounced(listener: (announcement: Announcement) => void): () => void
  /** Asks all readers to announce what they watch. */
  call(): void
}
