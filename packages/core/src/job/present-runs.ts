import type { RunResource } from "../contract/job-resource.ts"
import { outcomeOfRun } from "./dead-letter.ts"
import { isFinal, type Job, type JobReplay, maxReplaysKept } from "./job.ts"

/** The runs of a job as the wire shows them, the first one first, as far back as its replays are kept. */
export function presentRuns(job: Job): RunResource[] {
  const replays = new Map((job.deadLetter?.replays ?? []).map((replay) => [replay.run, replay]))
  const first = Math.max(1, job.run - maxReplaysKept)
  return Array.from({ length: job.run - first + 1 }, (_, index) => {
    const run = first + index
    const replay = presentReplay(replays.get(run))
    return run === job.run ? { ...presentLast(job), replay } : { ...presentEarlier(job, run, replays.get(run + 1)), replay }
  })
}

type WithoutReplay = Omit<RunResource, "replay">

function presentLast(job: Job): WithoutReplay {
  return {
    run: job.run,
    status: job.status,
    route: job.route,
    startedAt: job.startedAt?.toISOString() ?? null,
    finishedAt: isFinal(job) ? job.finishedAt.toISOString() : null,
    error: job.status === "failed" || job.status === "expired" ? job.error : null,
    served: job.status === "succeeded" ? job.result.provenance.served : null,
  }
}

/** Of a run that was replayed, so it failed or expired; `next` is the replay. */
function presentEarlier({ events }: Job, run: number, next: JobReplay | undefined): WithoutReplay {
  const failure = next?.failure
  return {
    run,
    status: outcomeOfRun(events, run) ?? "failed",
    route: failure?.route ?? null,
    startedAt: failure?.startedAt?.toISOString() ?? null,
    finishedAt: (failure?.at ?? events.find((event) => event.run === run)?.at)?.toISOString() ?? null,
    error: failure?.error ?? null,
    served: null,
  }
}

function presentReplay(replay: JobReplay | undefined): RunResource["replay"] {
  return replay ? { replayId: replay.replayId, by: replay.by, at: replay.at.toISOString() } : null
}
