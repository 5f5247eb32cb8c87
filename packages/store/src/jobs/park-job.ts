import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"
import { knownVersion } from "./job-document.ts"
import { settleWrite } from "./settle-write.ts"
import { waitPush } from "./update-parts.ts"

/** Says what a job in line waits for. It may be said again and again, so it needs no mark; a wait that is written twice is shown once. */
export function parkJob(context: JobContext): JobStore["park"] {
  return async ({ id, run, waiting, waited }) =>
    await settleWrite(context, {
      what: `parking of ${id}`,
      update: {
        filter: { _id: id, run, status: "queued", ...knownVersion },
        update: {
          ...(waiting === null ? { $unset: { waiting: "" } } : { $set: { waiting } }),
          ...(waited && { $push: waitPush(waited) }),
        },
      },
      command: { type: "park", run, waiting, waited: waited ?? null },
      isDone: () => false,
    })
}
