import { isFinal, type Job, type QueuedJob } from "../job/job.ts"
import { removalObstacleOf } from "../job/removal-obstacle.ts"
import type { JobScans } from "../ports/job-scans.ts"
import type { OutstandingJob } from "../ports/job-store.ts"

/** Walks through the jobs of a map. */
export function createMemoryJobScans(jobs: ReadonlyMap<string, Job>): JobScans {
  const all = () => [...jobs.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const queuedOf = (route: string) => all().filter((job): job is QueuedJob => job.status === "queued" && job.route === route)
  const onBudget = () => all().filter((job): job is QueuedJob => job.status === "queued" && job.waiting?.reason === "budget")
  return {
    nextRoute({ status, after }) {
      const routes = all().flatMap((job) => (job.status === status && (after === null || job.route > after) ? [job.route] : []))
      return Promise.resolve(routes.toSorted()[0] ?? null)
    },
    findOutstanding({ route, after, dueBy, limit }) {
      const found = queuedOf(route).filter(
        ({ id, notBefore }) => (after === null || id > after) && (notBefore === null || notBefore <= dueBy),
      )
      return Promise.resolve(found.slice(0, limit).map(toOutstanding))
    },
    findUnparked({ route, dueBy, limit }) {
      const found = queuedOf(route).filter(
        ({ waiting, notBefore }) => waiting?.reason !== "route_missing" && (notBefore === null || notBefore <= dueBy),
      )
      return Promise.resolve(found.slice(0, limit).map(toOutstanding))
    },
    nextTenantOnBudget({ after }) {
      const tenants = onBudget().flatMap(({ tenantId }) => (after === null || tenantId > after ? [tenantId] : []))
      return Promise.resolve(tenants.toSorted()[0] ?? null)
    },
    findOnBudget({ tenantId, before, limit }) {
      const found = onBudget().filter((job) => job.tenantId === tenantId && job.waiting !== null && job.waiting.since < before)
      return Promise.resolve(found.slice(0, limit).map(toOutstanding))
    },
    findHeld({ route, after, claimedBefore, exceptWorkers, limit }) {
      const found = all().flatMap((job) => {
        if (job.status !== "running" || job.route !== route || job.claim.at >= claimedBefore || exceptWorkers.includes(job.claim.workerId))
          return []
        return after === null || job.id > after ? [job] : []
      })
      return Promise.resolve(found.slice(0, limit))
    },
    findClaimedBy({ workerId, claimedBefore, limit }) {
      const found = all().flatMap((job) => {
        return job.status === "running" && job.claim.workerId === workerId && job.claim.at < claimedBefore ? [job] : []
      })
      return Promise.resolve(found.slice(0, limit))
    },
    findRetired({ status, at, finishedBefore, limit }) {
      const found = all().flatMap((job) => {
        if (!isFinal(job) || job.status !== status || removalObstacleOf(job)) return []
        if (job.idempotencyExpiresAt !== null && job.idempotencyExpiresAt > at) return []
        const { retainMs } = job.options
        const endsBefore = retainMs === null ? finishedBefore : new Date(at.getTime() - retainMs)
        return job.finishedAt <= endsBefore ? [job] : []
      })
      return Promise.resolve(found.toSorted((a, b) => a.finishedAt.getTime() - b.finishedAt.getTime()).slice(0, limit))
    },
  }
}

export function toOutstanding({ id, run, route, tenantId, notBefore, waiting, options }: QueuedJob): OutstandingJob {
  return { id, run, route, tenantId, notBefore, waiting, options: { priority: options.priority } }
}
