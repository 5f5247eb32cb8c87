import type { Origin } from "@sluice/core"
import type { Response } from "express"

/** What a job, a batch or a replay is to keep of the request that asks for it. */
export function originOf({ locals }: Response): Origin {
  return { traceparent: locals.span.traceparent, requestId: locals.requestId }
}
