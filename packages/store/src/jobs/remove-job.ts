import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"
import { knownVersion, unfinished } from "./job-document.ts"

/**
 * Removes a job that has ended and been accounted, after its deliveries, by one conditional command each. Repeated after an unknown outcome it
 * finds nothing, which is as true.
 */
export function removeJob({ toJobs, toDeliveries, operations }: JobContext): JobStore["remove"] {
  return (ref) =>
    operations.run(`removal of ${ref.id}`, async () => {
      const { id: _id, tenantId } = ref
      const job = await toJobs((jobs) => jobs.findOne({ _id, tenantId }, { projection: { status: 1, accountDueAt: 1 } }))
      if (job === null) return "missing"
      if (unfinished.includes(job.status)) return "unfinished"
      if (job.accountDueAt) return "unaccounted"
      await toDeliveries((deliveries) => deliveries.deleteMany({ jobId: _id }))
      const ended = { _id, tenantId, status: { $nin: unfinished }, accountDueAt: { $exists: false }, ...knownVersion }
      const { deletedCount } = await toJobs((jobs) => jobs.deleteOne(ended))
      return deletedCount === 1 ? "removed" : "unfinished"
    })
}
