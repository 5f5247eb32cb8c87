import { randomUUID } from "node:crypto"
import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"
import { knownVersion, unfinished } from "./job-document.ts"
import { hasEvent, settleWrite } from "./settle-write.ts"
import { endingUpdate } from "./update-parts.ts"

/** Ends a job whatever its execution does. */
export function abandonJob(context: JobContext): JobStore["abandon"] {
  return async ({ id, run, ending }) => {
    const by = randomUUID()
    return await settleWrite(context, {
      what: `abandonment of ${id}`,
      update: { filter: { _id: id, run, status: { $in: unfinished }, ...knownVersion }, update: endingUpdate({ ending, run, by }) },
      command: { type: "abandon", run, ending },
      isDone: hasEvent({ eventId: ending.eventId, by }),
    })
  }
}
