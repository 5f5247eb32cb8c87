import type { HeldJob, JobScans } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import { type JobDocument, jobsCollection, knownVersion } from "../jobs/job-document.ts"
import { factsProjection, outstandingProjection, toFacts, toOutstanding } from "../jobs/outstanding.ts"
import type { Operations } from "../operations/operations.ts"
import { findRetired } from "./find-retired.ts"

export interface JobScansOptions {
  readonly database: Database
  readonly operations: Operations
}

/**
 * Pages of the reconciler. Those of unfinished jobs go by the index `unfinished_route`, which holds no others, so that they
 * cost the same beside a million old jobs.
 */
export function createJobScans({ database, operations }: JobScansOptions): JobScans {
  const toJobs = sendTo<JobDocument>(database, jobsCollection)
  const pageOf = (limit: number) => ({ limit, batchSize: limit + 1, sort: { _id: 1 } }) as const
  return {
    nextRoute: ({ status, after }) =>
      operations.run(`search for routes of ${status} jobs`, async () => {
        const filter = { status, ...(after !== null && { route: { $gt: after } }) }
        const found = await toJobs((jobs) => jobs.findOne(filter, { sort: { route: 1 }, projection: { route: 1 } }))
        return found?.route ?? null
      }),
    findOutstanding: ({ route, after, dueBy, limit }) =>
      operations.run(`walk through the queued jobs of ${route}`, async () => {
        const filter = { status: "queued", route, ...from(after), notBefore: { $not: { $gt: dueBy } }, ...knownVersion } as const
        const options = { ...pageOf(limit), projection: outstandingProjection }
        return (await toJobs((jobs) => jobs.find(filter, options).toArray())).map(toOutstanding)
      }),
    findUnparked: ({ route, dueBy, limit }) =>
      operations.run(`search for jobs of ${route} to park`, async () => {
        const isDue = { notBefore: { $not: { $gt: dueBy } } }
        const filter = { status: "queued", route, "waiting.reason": { $ne: "route_missing" }, ...isDue, ...knownVersion } as const
        const options = { ...pageOf(limit), projection: outstandingProjection }
        return (await toJobs((jobs) => jobs.find(filter, options).toArray())).map(toOutstanding)
      }),
    nextTenantOnBudget: ({ after }) =>
      operations.run("search for tenants whose jobs wait for the budget", async () => {
        const filter = { ...onBudget, ...(after !== null && { tenantId: { $gt: after } }) }
        const found = await toJobs((jobs) => jobs.findOne(filter, { sort: { tenantId: 1 }, projection: { tenantId: 1 } }))
        return found?.tenantId ?? null
      }),
    findOnBudget: ({ tenantId, before, limit }) =>
      operations.run(`search for jobs of ${tenantId} that wait for the budget`, async () => {
        const filter = { ...onBudget, tenantId, "waiting.since": { $lt: before }, ...knownVersion }
        const options = { ...pageOf(limit), projection: outstandingProjection }
        return (await toJobs((jobs) => jobs.find(filter, options).toArray())).map(toOutstanding)
      }),
    findHeld: ({ route, after, claimedBefore, exceptWorkers, limit }) =>
      operations.run(`search for jobs of ${route} whose workers are lost`, async () => {
        const filter = {
          status: "running",
          route,
          ...from(after),
          "claim.at": { $lt: claimedBefore },
          "claim.workerId": { $nin: [...exceptWorkers] },
          ...knownVersion,
        } as const
        const options = { ...pageOf(limit), projection: heldProjection }
        return (await toJobs((jobs) => jobs.find(filter, options).toArray())).flatMap(toHeld)
      }),
    findClaimedBy: ({ workerId, claimedBefore, limit }) =>
      operations.run("search for jobs that this worker claimed", async () => {
        const claimed = { "claim.at": { $lt: claimedBefore }, "claim.workerId": workerId }
        const options = { ...pageOf(limit), projection: heldProjection }
        return (await toJobs((jobs) => jobs.find({ status: "running", ...claimed, ...knownVersion }, options).toArray())).flatMap(toHeld)
      }),
    findRetired: (request) => operations.run("search for jobs to remove", () => findRetired(database, request)),
  }
}

const onBudget = { "waiting.reason": "budget", status: "queued" } as const

const heldProjection = { ...factsProjection, rescues: 1, claim: 1, waiting: 1 } as const

function from(after: string | null) {
  return after === null ? {} : { _id: { $gt: after } }
}

function toHeld(document: JobDocument): HeldJob[] {
  const { rescues, claim, waiting = null } = document
  return claim ? [{ ...toFacts(document), rescues, claim, waiting }] : []
}
