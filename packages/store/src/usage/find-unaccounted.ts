import type { AccountableJob } from "@sluice/core"
import type { SendTo } from "../connection/database.ts"
import { type JobDocument, knownVersion } from "../jobs/job-document.ts"

const projection = {
  tenantId: 1,
  route: 1,
  createdAt: 1,
  attempts: 1,
  attemptCount: 1,
  "options.runAt": 1,
  "options.priority": 1,
  "events.type": 1,
  "events.run": 1,
  "events.at": 1,
  "events.errorType": 1,
  "deadLetter.replays": 1,
  "result.provenance": 1,
  accounted: 1,
} as const

/** By an index that holds only these jobs, so that it costs the same beside a million others. */
export async function findUnaccounted(toJobs: SendTo<JobDocument>, limit: number): Promise<readonly AccountableJob[]> {
  const filter = { accountDueAt: { $gt: new Date(0) }, ...knownVersion }
  const options = { sort: { accountDueAt: 1 }, limit, batchSize: limit + 1, projection } as const
  return (await toJobs((jobs) => jobs.find(filter, options).toArray())).map(toAccountable)
}

function toAccountable(document: JobDocument): AccountableJob {
  const { _id: id, tenantId, route, createdAt, attemptCount, attempts, events, deadLetter, result, options, accounted } = document
  const replays = deadLetter?.replays ?? []
  const counts = { calls: accounted?.calls ?? 0, ends: accounted?.ends ?? 0 }
  const rest = { replays, provenance: result?.provenance ?? null, runAt: options.runAt, priority: options.priority, accounted: counts }
  return { id, tenantId, route, createdAt, attemptCount, attempts, events, ...rest }
}
