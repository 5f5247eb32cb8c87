import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"
import { knownVersion } from "./job-document.ts"
import { settleWrite } from "./settle-write.ts"
import { waitPush } from "./update-parts.ts"

/** Lets a job in line go on at once. It may be said again and again, so it needs no mark; a wait that is written twice is shown once. */
export function resumeJob(context: JobContext): JobStore["resume"] {
  return async ({ id, run, at, waited }) =>
    await settleWrite(context, {
      what: `resumption of ${id}`,
      update: {
        filter: { _id: id, run, status: "queued", ...knownVersion },
        update: {
          $set: { enqueueDueAt: at },
          $unset: { notBefore: "", waiting: "" },
          ...(waited && { $push: waitPush(waited) }),
        },
      },
      command: { type: "resume", run, at, waited: waited ?? null },
      isDone: () => false,
    })
}
