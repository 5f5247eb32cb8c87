import { type JobOptions, type JobStore, maxReplaysKept } from "@sluice/core"
import type { Document } from "mongodb"
import type { JobContext } from "./job-context.ts"
import { knownVersion } from "./job-document.ts"
import { settleWrite } from "./settle-write.ts"
import type { JobUpdate } from "./update-lane.ts"

type ReplayRequest = Parameters<JobStore["replay"]>[0]

/** Starts the next run of a job that failed. Its mark is the replay's entry in the dead letter. */
export function replayJob(context: JobContext): JobStore["replay"] {
  return async (request) => {
    const { id, ...command } = request
    return await settleWrite(context, {
      what: `replay of ${id}`,
      update: updateOf(request),
      command: { type: "replay", ...command },
      isDone: ({ deadLetter }) =>
        deadLetter?.replays?.some(({ replayId, run }) => replayId === request.replayId && run === request.run + 1) ?? false,
    })
  }
}

/** How the run before ended, as the state machine keeps it. */
const failure = {
  route: "$route",
  startedAt: { $ifNull: ["$startedAt", null] },
  at: "$deadLetter.at",
  error: "$deadLetter.error",
}

/** A pipeline, since the options are merged with those that the job has. */
function updateOf({ id, run, replayId, by, requestId, at, deadline, enqueueDueAt, route, options }: ReplayRequest): JobUpdate {
  const entry = { replayId: { $literal: replayId }, run: run + 1, at, by: { $literal: by }, failure }
  const replays = { $slice: [{ $concatArrays: [{ $ifNull: ["$deadLetter.replays", []] }, [entry]] }, -maxReplaysKept] }
  const set: Document = {
    status: "queued",
    run: run + 1,
    rescues: 0,
    deadline,
    enqueueDueAt,
    "deadLetter.state": "replayed",
    "deadLetter.replays": replays,
    ...(route !== null && { route: { $literal: route } }),
    ...(requestId !== null && { requestId: { $literal: requestId } }),
    ...optionFields(options),
  }
  return {
    filter: {
      _id: id,
      run,
      status: { $in: ["failed", "expired"] },
      "deadLetter.state": "open",
      "deadLetter.replays.replayId": { $ne: replayId },
      "events.fannedOut": { $ne: false },
      ...knownVersion,
    },
    update: [{ $set: set }, { $unset: ["startedAt", "finishedAt", "error", "notBefore", "waiting", "handedBackBy"] }],
  }
}

function optionFields(options: Partial<JobOptions>): Document {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [`options.${name}`, { $literal: value }]))
}
