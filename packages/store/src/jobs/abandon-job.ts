import { randomUUID } from "node:crypto"
import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"
import { knownVersion, unfinished } from "./job-document.ts"
import { hasEvent, settleWrite } from "./settle-write.ts"
import { endingUpdate, executionFilter } from "./update-parts.ts"

/** Ends a job whatever its execution does, or only while a certain execution holds it. */
export function abandonJob(context: JobContext): JobStore["abandon"] {
  return async ({ id, run, token, ending }) => {
    const by = randomUUID()
    const held = token === undefined ? { status: { $in: unfinished } } : executionFilter({ id, run, token })
    return await settleWrite(context, {
      what: `abandonment of ${id}`,
      update: { filter: { _id: id, run, ...held, ...knownVersion }, update: endingUpdate({ id, ending, run, by }, context.sealer) },
      command: { type: "abandon", run, token, ending },
      isDone: hasEvent({ eventId: ending.eventId, by }),
    })
  }
}
