import type { Principal } from "@sluice/core"

declare global {
  namespace Express {
    interface Locals {
      /** Names this request in the answer's `x-request-id`, in problems and in the logs. */
      requestId: string
      /** Who calls, and what they may do. Set by `authentication`, so only on routes that need a key. */
      principal: Principal
      /** For whom the caller acts; that of `principal`. */
      tenantId: string
    }
  }
}
