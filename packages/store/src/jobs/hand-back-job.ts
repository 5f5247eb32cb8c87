import type { JobStore, Waiting } from "@sluice/core"
import { present } from "../present.ts"
import type { JobContext } from "./job-context.ts"
import { settleWrite } from "./settle-write.ts"
import { attemptsUpdate, executionFilter, waitPush } from "./update-parts.ts"

/**
 * Puts a job back in line. Should another execution claim it and hand it back too before an unknown outcome is settled,
 * this one is told that it was overtaken, which is as true.
 */
export function handBackJob(context: JobContext): JobStore["handBack"] {
  return ({ id, ...request }) => {
    const { token, notBefore, waiting, enqueueDueAt, attempts, waited } = request
    const { set, push, inc } = attemptsUpdate(attempts)
    const update = {
      $set: { status: "queued", handedBackBy: token, rescues: 0, enqueueDueAt, ...present({ notBefore, waiting }), ...set },
      $unset: fieldsThatEnd(waiting),
      ...((push || waited) && { $push: { ...push, ...waitPush(waited) } }),
      ...(inc && { $inc: inc }),
    } as const
    return settleWrite(context, {
      what: `hand-back of ${id}`,
      update: { filter: executionFilter({ id, ...request }), update },
      command: { type: "hand_back", ...request },
      isDone: (trace) => trace.run === request.run && trace.handedBackBy === token,
    })
  }
}

/** A claim leaves what the job waited for before, so a hand-back without a wait has to remove it. */
function fieldsThatEnd(waiting: Waiting | null): { claim: ""; waiting?: "" } {
  return waiting === null ? { claim: "", waiting: "" } : { claim: "" }
}
