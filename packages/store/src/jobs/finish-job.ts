import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"
import { hasEvent, settleWrite } from "./settle-write.ts"
import { endingUpdate, executionFilter } from "./update-parts.ts"

/** Ends a job on behalf of its execution. Doing so again with the same event is `applied` too: callers repeat it after an outage. */
export function finishJob(context: JobContext): JobStore["finish"] {
  return async ({ id, ...request }) =>
    await settleWrite(context, {
      what: `end of ${id}`,
      update: { filter: executionFilter({ id, ...request }), update: endingUpdate({ id, ...request, by: request.token }, context.sealer) },
      command: { type: "finish", ...request },
      isDone: hasEvent({ eventId: request.ending.eventId, by: request.token }),
    })
}
