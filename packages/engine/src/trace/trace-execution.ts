import type { Ending, JobFacts, RunningJob, Span, SpanAttributes, Tracer, Waiting } from "@sluice/core"
import type { Verdict } from "../execute/verdicts.ts"
import { withinSpan } from "./within-span.ts"

/** What tells a job from others, in every span that is about one. */
export function jobAttributes({ id, tenantId, route, run, batchId, requestId }: Omit<JobFacts, "traceparent">): SpanAttributes {
  return {
    "sluice.job.id": id,
    "sluice.job.run": run,
    "sluice.tenant.id": tenantId,
    "sluice.route": route,
    "sluice.batch.id": batchId,
    "sluice.request.id": requestId,
  }
}

/**
 * The span of one execution: from the claim to the end, or to the handing back. A run that waits has several, under the same trace;
 * what it waited for stands in that which ended, and in that which followed.
 */
export async function traceExecution<T>(tracer: Tracer, job: RunningJob, execute: (span: Span) => Promise<T>): Promise<T> {
  const span = tracer.start({ name: `execute ${job.route}`, kind: "consumer", parent: job.traceparent, at: job.claim.at })
  if (span.isRecording) describeStart(span, job)
  return await withinSpan(span, () => execute(span))
}

function describeStart(span: Span, job: RunningJob): void {
  const { claim, createdAt, options, waiting, rescues } = job
  const dueAt = waiting?.until ?? options.runAt ?? createdAt
  span.set({
    ...jobAttributes(job),
    "sluice.worker.id": claim.workerId,
    "sluice.job.priority": options.priority,
    "sluice.job.rescues": rescues > 0 ? rescues : null,
    "sluice.queue.wait_ms": Math.max(0, claim.at.getTime() - dueAt.getTime()),
  })
  if (waiting) span.add({ name: "sluice.waited", attributes: waitAttributes(waiting, claim.at), at: claim.at })
}

export function waitAttributes({ reason, endpoint, since, until, refusals }: Waiting, at: Date | null): SpanAttributes {
  return {
    "sluice.wait.reason": reason,
    "sluice.endpoint": endpoint,
    "sluice.wait.since": since.toISOString(),
    "sluice.wait.until": until?.toISOString(),
    "sluice.wait.refusals": refusals > 0 ? refusals : null,
    "sluice.wait.duration_ms": at && Math.max(0, at.getTime() - since.getTime()),
  }
}

/** What the execution decided, once it is written; a refused write says why it was. */
export function describeVerdict(span: Span, verdict: Verdict, refusal: string | null): void {
  if (!span.isRecording) return
  if (refusal !== null) span.set({ "sluice.execution.overtaken": refusal })
  else if (verdict.kind === "end") describeEnding(span, verdict.ending)
  else {
    span.set({ "sluice.job.status": "queued" })
    span.add({ name: "sluice.handed_back", attributes: verdict.waiting ? waitAttributes(verdict.waiting, null) : {} })
  }
}

function describeEnding(span: Span, ending: Ending): void {
  span.set({ "sluice.job.status": ending.status })
  if (ending.status !== "succeeded") {
    span.fail(ending.error.type)
    return
  }
  const { provenance, cost } = ending.result
  span.set({
    "sluice.served.tier": provenance.served.tier,
    "sluice.served.endpoint": provenance.served.endpoint,
    "sluice.served.model": provenance.served.model,
    "sluice.quality": provenance.quality,
    "sluice.degraded": provenance.degraded,
    "sluice.cache": provenance.cache?.kind,
    "sluice.repairs": provenance.repairs > 0 ? provenance.repairs : null,
    "sluice.cost_usd": cost?.usd,
  })
}
