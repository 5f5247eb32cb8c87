import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"

/** A tenant's job, whatever became of it. */
export function findJob({ operations, reads }: JobContext): JobStore["find"] {
  return (ref) => operations.run(`read of ${ref.id}`, () => reads.jobOfTenant(ref))
}
