import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"

/** The job that holds an idempotency key, unless the key has expired. */
export function findByKey({ operations, reads }: JobContext): JobStore["findByKey"] {
  return ({ tenantId, idempotencyKey, at }) =>
    operations.run("search for an idempotency key", async () => {
      const holder = await reads.holder({ tenantId, idempotencyKey })
      const hasExpired = holder !== null && holder.idempotencyExpiresAt !== null && holder.idempotencyExpiresAt <= at
      return hasExpired ? null : holder
    })
}
