import type { Principal, Span } from "@sluice/core"
import type { Places } from "@sluice/engine"

declare global {
  namespace Express {
    interface Locals {
      /** Names this request in the answer's `x-request-id`, in problems and in the logs. */
      requestId: string
      /** Of this request; what it begins goes on with its trace. */
      span: Span
      /** Of the trace that the request belongs to; null where there is none. */
      traceId: string | null
      /** Who calls, and what they may do. Set by `authentication`, so only on routes that need a key. */
      principal: Principal
      /** For whom the caller acts; that of `principal`. */
      tenantId: string
      /** What was taken of the tenant's places in line; absent where it has no limit. Settled by whoever fills them. */
      places?: Places
      /** That which the request submitted. */
      jobId?: string
    }
  }
}
