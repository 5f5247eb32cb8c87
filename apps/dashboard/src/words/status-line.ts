import type { JobResource, WaitingReason } from "@sluice/core"

/** Why a job waits, to be read after "waits". */
export const waitingWords: Readonly<Record<WaitingReason, string>> = {
  rate_limited: "for allowance",
  breaker_open: "for a breaker to close",
  concurrency: "for a free slot",
  retry_backoff: "before it tries again",
  scheduled: "for its time",
  route_paused: "as its route is paused",
  route_missing: "as its route is not configured",
  credential: "as the credential was rejected",
  quota: "as the quota is used up",
  budget: "for budget",
}

/** One line on how a job is: who served it, why it waits, or what it failed with. */
export function statusLineOf(job: Pick<JobResource, "status" | "waiting" | "provenance" | "error" | "cancelRequestedAt">): string {
  const { status, waiting, provenance, error } = job
  if (error) return error.message
  if (waiting) return `waits ${waitingWords[waiting.reason]}${waiting.endpoint ? ` · ${waiting.endpoint}` : ""}`
  if (provenance) return servedBy(provenance)
  if (status === "running") return job.cancelRequestedAt ? "is being cancelled" : "at work"
  return status === "queued" ? "in line" : ""
}

function servedBy({ served, cache }: NonNullable<JobResource["provenance"]>): string {
  if (cache) return `kept answer (${cache.kind}) · ${served.tier}`
  return [served.endpoint ?? served.tier, served.model].filter((part) => part !== null).join(" · ")
}
