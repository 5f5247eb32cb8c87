import type { Tracer } from "@sluice/core"
import type { AddItems } from "../batches/add-items.ts"
import type { SubmitJob } from "../submit/submit-job.ts"
import { jobAttributes } from "./trace-execution.ts"
import { withinSpan } from "./within-span.ts"

/** Submits in a span of the request's trace; the job goes on from there, in whatever process. */
export function traceSubmits(tracer: Tracer, submitJob: SubmitJob): SubmitJob {
  return async (request) => {
    const span = tracer.start({ name: "submit job", kind: "producer", parent: request.traceparent })
    return await withinSpan(span, async () => {
      const outcome = await submitJob({ ...request, traceparent: span.traceparent })
      span.set({ "sluice.submit.outcome": outcome.kind })
      if ("job" in outcome) span.set(jobAttributes(outcome.job))
      return outcome
    })
  }
}

/** Items of one request share its trace: each of them goes on from the same span. */
export function traceAddItems(tracer: Tracer, addItems: AddItems): AddItems {
  return async (request) => {
    const { id, tenantId } = request.batch
    const attributes = { "sluice.batch.id": id, "sluice.tenant.id": tenantId }
    const span = tracer.start({ name: "submit batch items", kind: "producer", parent: request.traceparent, attributes })
    return await withinSpan(span, async () => {
      const { accepted, existing, failed } = await addItems({ ...request, traceparent: span.traceparent })
      span.set({ "sluice.batch.accepted": accepted, "sluice.batch.existing": existing, "sluice.batch.failed": failed })
      return { accepted, existing, failed }
    })
  }
}
