import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"

const maxIdsOfAQuery = 1_000

/** One query for a thousand jobs, without their inputs and outputs. */
export function glanceAtJobs({ toJobs, operations }: JobContext): JobStore["glance"] {
  const projection = { run: 1, status: 1, startedAt: 1, waiting: 1 }
  return (ids) =>
    operations.run("glance at jobs", async () => {
      const glances: Awaited<ReturnType<JobStore["glance"]>>[number][] = []
      for (let at = 0; at < ids.length; at += maxIdsOfAQuery) {
        const filter = { _id: { $in: ids.slice(at, at + maxIdsOfAQuery) } }
        const found = await toJobs((jobs) => jobs.find(filter, { projection, batchSize: maxIdsOfAQuery + 1 }).toArray())
        for (const { _id: id, run, status, startedAt = null, waiting = null } of found) {
          glances.push({ id, run, status, startedAt, waiting: status === "queued" ? waiting : null })
        }
      }
      return glances
    })
}
