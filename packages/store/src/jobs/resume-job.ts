import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"
import { knownVersion } from "./job-document.ts"
import { settleWrite } from "./settle-write.ts"

/** Lets a job in line go on at once. It may be said again and again, so it needs no mark. */
export function resumeJob(context: JobContext): JobStore["resume"] {
  return async ({ id, run, at }) =>
    await settleWrite(context, {
      what: `resumption of ${id}`,
      update: {
        filter: { _id: id, run, status: "queued", ...knownVersion },
        update: { $set: { enqueueDueAt: at }, $unset: { notBefore: "", waiting: "" } },
      },
      command: { type: "resume", run, at },
      isDone: () => false,
    })
}
