import type { AttemptStart } from "../contract/job-event.ts"
import type { AttemptResource, DeliveryResource, JobResource, WaitResource } from "../contract/job-resource.ts"
import type { Expansion } from "../contract/queries.ts"
import { deadLetterIdOf } from "./dead-letter.ts"
import type { Attempt, FinalState, Job, Waiting } from "./job.ts"
import { presentRuns } from "./present-runs.ts"
import { type EndedWait, mergeWaits } from "./waits.ts"

/** A job as the wire shows it: every key always there, nothing of a secret. */
export function presentJob(
  job: Job,
  options: { expand?: readonly Expansion[]; deliveries?: readonly DeliveryResource[] } = {},
): JobResource {
  const self = `/v1/jobs/${job.id}`
  const expand = options.expand ?? []
  return {
    id: job.id,
    object: "job",
    status: job.status,
    route: job.route,
    kind: job.work.kind,
    run: job.run,
    attemptCount: job.attemptCount,
    waiting: job.status === "queued" && job.waiting ? presentWaiting(job.waiting) : null,
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    expiresAt: job.deadline.toISOString(),
    ...presentEnd(job, self),
    batchId: job.batchId,
    customId: job.customId,
    metadata: job.metadata,
    links: { self, events: `${self}/events` },
    ...(expand.includes("attempts") && { attempts: job.attempts.map(presentAttempt) }),
    ...(expand.includes("waits") && { waits: mergeWaits(job.waits).map(presentWait) }),
    ...(expand.includes("runs") && { runs: presentRuns(job) }),
    ...(expand.includes("deliveries") && { deliveries: [...(options.deliveries ?? [])] }),
    ...(expand.includes("input") && { input: job.work.input }),
  }
}

type EndKeys = "finishedAt" | "cancelRequestedAt" | "output" | "outputUrl" | "provenance" | "usage" | "cost" | "error" | "deadLetterId"

const unfinished: Pick<JobResource, EndKeys> = {
  finishedAt: null,
  cancelRequestedAt: null,
  output: null,
  outputUrl: null,
  provenance: null,
  usage: null,
  cost: null,
  error: null,
  deadLetterId: null,
}

function presentEnd(job: Job, self: string): Pick<JobResource, EndKeys> {
  switch (job.status) {
    case "queued":
    case "running":
      return unfinished
    case "succeeded": {
      const { output, ...told } = job.result
      return { ...ended(job), ...told, ...(output.at === "job" ? { output: output.value } : { outputUrl: `${self}/output` }) }
    }
    case "cancelled":
      return { ...ended(job), cancelRequestedAt: job.cancelRequestedAt.toISOString() }
    case "failed":
    case "expired":
      return { ...ended(job), error: job.error, deadLetterId: deadLetterIdOf(job) }
  }
}

function ended(job: FinalState): Pick<JobResource, EndKeys> {
  return { ...unfinished, finishedAt: job.finishedAt.toISOString() }
}

/** What a job waits for, as the wire shows it. */
export function presentWaiting({ reason, endpoint, since, until, hint }: Waiting): NonNullable<JobResource["waiting"]> {
  return { reason, endpoint, since: since.toISOString(), until: until?.toISOString() ?? null, hint: hint ?? null }
}

function presentWait({ from, to, ...wait }: EndedWait): WaitResource {
  return { ...wait, from: from.toISOString(), to: to.toISOString() }
}

/** The beginning of a line of the ledger, as the wire shows it. */
export function presentAttemptStart({ number, tier, endpoint, provider, model, region, startedAt }: Attempt): AttemptStart {
  return { number, tier, endpoint, provider, model, region, startedAt: startedAt.toISOString() }
}

/** One line of the ledger, as the wire shows it. */
export function presentAttempt(attempt: Attempt): AttemptResource {
  const { isCostEstimated = false, images = 0, credential = "platform", ...told } = attempt
  return { ...told, startedAt: told.startedAt.toISOString(), isCostEstimated, images, credential }
}
