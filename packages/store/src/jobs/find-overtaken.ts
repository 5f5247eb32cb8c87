import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"

const maxIdsOfAQuery = 1_000

/** One query for a thousand executions: it returns those that still hold their job. */
export function findOvertaken({ toJobs, operations }: JobContext): JobStore["findOvertaken"] {
  return (executions) =>
    operations.run("search for overtaken executions", async () => {
      const held = new Set<string>()
      for (let at = 0; at < executions.length; at += maxIdsOfAQuery) {
        const ids = executions.slice(at, at + maxIdsOfAQuery).map(({ id }) => id)
        const projection = { run: 1, "claim.token": 1 }
        const filter = { _id: { $in: ids }, status: "running" } as const
        const found = await toJobs((jobs) => jobs.find(filter, { projection, batchSize: ids.length + 1 }).toArray())
        for (const { _id, run, claim } of found) held.add(keyOf({ id: _id, run, token: claim?.token ?? "" }))
      }
      return executions.filter((execution) => !held.has(keyOf(execution)))
    })
}

function keyOf({ id, run, token }: { readonly id: string; readonly run: number; readonly token: string }): string {
  return `${id} ${run} ${token}`
}
