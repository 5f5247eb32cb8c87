import { randomUUID } from "node:crypto"
import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"
import { knownVersion } from "./job-document.ts"
import { settleWrite } from "./settle-write.ts"
import { executionFilter, waitPush } from "./update-parts.ts"

/** Puts a job back in line whose execution was lost with its worker. */
export function rescueJob(context: JobContext): JobStore["rescue"] {
  return async ({ id, run, token, at, waited }) => {
    const by = `rescue_${randomUUID()}`
    const update = {
      $set: { status: "queued", handedBackBy: by, enqueueDueAt: at },
      $unset: { claim: "", notBefore: "", waiting: "" },
      $inc: { rescues: 1 },
      ...(waited && { $push: waitPush(waited) }),
    } as const
    return await settleWrite(context, {
      what: `rescue of ${id}`,
      update: { filter: { ...executionFilter({ id, run, token }), ...knownVersion }, update },
      command: { type: "rescue", run, token, at, waited: waited ?? null },
      isDone: (trace) => trace.run === run && trace.handedBackBy === by,
    })
  }
}
