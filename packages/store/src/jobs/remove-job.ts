import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"
import { knownVersion, unfinished } from "./job-document.ts"

/** Removes a job that has ended, by one conditional command. Repeated after an unknown outcome it finds nothing, which is as true. */
export function removeJob({ toJobs, operations }: JobContext): JobStore["remove"] {
  return ({ tenantId, id }) =>
    operations.run(`removal of ${id}`, async () => {
      const { deletedCount } = await toJobs((jobs) => jobs.deleteOne({ _id: id, tenantId, status: { $nin: unfinished }, ...knownVersion }))
      if (deletedCount === 1) return "removed"
      const left = await toJobs((jobs) => jobs.findOne({ _id: id, tenantId }, { projection: { _id: 1 } }))
      return left === null ? "missing" : "unfinished"
    })
}
