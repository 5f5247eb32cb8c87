import { isFinal, type Job, type QueuedJob } from "../job/job.ts"
import { removalObstacleOf } from "../job/removal-obstacle.ts"
import { type JobCommand, type Transition, transition } from "../job/transition.ts"
import type { JobScans } from "../ports/job-scans.ts"
import type { JobFilter, JobStore, WriteOutcome } from "../ports/job-store.ts"
import { type AccountedCounts, accountableOf, isUnaccounted } from "../usage/usage-of-job.ts"
import { createMemoryJobScans, toOutstanding } from "./memory-job-scans.ts"

export interface MemoryJobStore extends JobStore, JobScans {
  /** The jobs as they are, for other stores over the same jobs. */
  readonly jobs: Map<string, Job>
  /** What of them has been accounted, and by which page. */
  readonly accounted: Map<string, AccountedCounts & { readonly page: number }>
}

/** Jobs in a map, moved by `transition` itself. For tests of what uses a store; it passes the same conformance suite as the real one. */
export function createMemoryJobStore(options: { initial?: readonly Job[] } = {}): MemoryJobStore {
  const jobs = new Map<string, Job>((options.initial ?? []).map((job) => [job.id, job]))
  const accounted: MemoryJobStore["accounted"] = new Map()

  function apply(id: string, command: JobCommand): Transition | { applied: false; refusal: "missing" } {
    const job = jobs.get(id)
    if (!job) return { applied: false, refusal: "missing" }
    const result = transition(job, command)
    if (result.applied) jobs.set(id, result.job)
    return result
  }
  const write = (id: string, command: JobCommand): Promise<WriteOutcome> => {
    const result = apply(id, command)
    return Promise.resolve(result.applied ? { applied: true } : { applied: false, refusal: result.refusal })
  }
  const holderOf = ({ tenantId, idempotencyKey }: QueuedJob) =>
    [...jobs.values()].find((job) => job.tenantId === tenantId && idempotencyKey !== null && job.idempotencyKey === idempotencyKey)
  const obstacleTo = ({ tenantId, id }: { readonly tenantId: string; readonly id: string }) => {
    const job = jobs.get(id)
    if (job?.tenantId !== tenantId) return "missing"
    return removalObstacleOf(job) ?? (isUnaccounted(accountableOf(job, accounted.get(id))) ? "unaccounted" : null)
  }
  const newestFirst = () => [...jobs.values()].sort((a, b) => (a.id < b.id ? 1 : -1))

  return {
    ...createMemoryJobScans(jobs),
    jobs,
    accounted,
    insert(job) {
      const holder = holderOf(job)
      if (holder && holder.id !== job.id) {
        const hasExpired = holder.idempotencyExpiresAt !== null && holder.idempotencyExpiresAt <= job.createdAt
        if (!hasExpired) return Promise.resolve({ kind: "existing", job: holder })
        jobs.set(holder.id, { ...holder, idempotencyKey: null, idempotencyExpiresAt: null })
      }
      if (!jobs.has(job.id)) jobs.set(job.id, job)
      return Promise.resolve({ kind: "inserted" })
    },
    claim({ id, run, claim }) {
      const result = apply(id, { type: "claim", run, claim })
      if (result.applied && result.job.status === "running") return Promise.resolve({ kind: "claimed", job: result.job })
      const job = jobs.get(id)
      const isNotDue = !result.applied && result.refusal === "not_due"
      if (isNotDue && job?.status === "queued" && job.notBefore) return Promise.resolve({ kind: "not_due", notBefore: job.notBefore })
      return Promise.resolve({ kind: "gone" })
    },
    handBack: ({ id, ...command }) => write(id, { type: "hand_back", ...command }),
    finish: ({ id, ...command }) => write(id, { type: "finish", ...command }),
    abandon: ({ id, ...command }) => write(id, { type: "abandon", ...command }),
    rescue: ({ id, ...command }) => write(id, { type: "rescue", ...command }),
    resume: ({ id, ...command }) => write(id, { type: "resume", ...command }),
    park: ({ id, ...command }) => write(id, { type: "park", ...command }),
    replay: ({ id, ...command }) => {
      const isDone = jobs.get(id)?.deadLetter?.replays.some(({ replayId, run }) => replayId === command.replayId && run === command.run + 1)
      return isDone ? Promise.resolve({ applied: true }) : write(id, { type: "replay", ...command })
    },
    cancel({ tenantId, id, at, eventId }) {
      const job = jobs.get(id)
      if (job?.tenantId !== tenantId) return Promise.resolve({ kind: "missing" })
      const result = apply(id, { type: "cancel", at, eventId })
      return Promise.resolve(result.applied ? { kind: "cancelled", job: result.job } : { kind: "already_final", job })
    },
    find({ tenantId, id }) {
      const job = jobs.get(id)
      return Promise.resolve(job?.tenantId === tenantId ? job : null)
    },
    glance(ids) {
      const glances = ids.flatMap((id) => {
        const job = jobs.get(id)
        if (!job) return []
        const { run, status, startedAt } = job
        return [{ id, run, status, startedAt, waiting: job.status === "queued" ? job.waiting : null }]
      })
      return Promise.resolve(glances)
    },
    findByKey({ tenantId, idempotencyKey, at }) {
      const isHeld = (job: Job) => job.idempotencyExpiresAt === null || job.idempotencyExpiresAt > at
      const holder = [...jobs.values()].find((job) => job.tenantId === tenantId && job.idempotencyKey === idempotencyKey && isHeld(job))
      return Promise.resolve(holder ?? null)
    },
    list({ filter, before, limit }) {
      const page = newestFirst().filter((job) => (before === null || job.id < before) && matches(job, filter))
      return Promise.resolve(page.slice(0, limit))
    },
    findOvertaken(executions) {
      const isHeld = ({ id, run, token }: (typeof executions)[number]) => {
        const job = jobs.get(id)
        return job?.status === "running" && job.run === run && job.claim.token === token
      }
      return Promise.resolve(executions.filter((execution) => !isHeld(execution)))
    },
    findRemovalObstacle: (ref) => Promise.resolve(obstacleTo(ref)),
    remove(ref) {
      const obstacle = obstacleTo(ref)
      if (obstacle) return Promise.resolve(obstacle)
      jobs.delete(ref.id)
      return Promise.resolve("removed")
    },
    findDueToEnqueue({ at, limit }) {
      const due = [...jobs.values()]
        .filter((job) => job.status === "queued")
        .filter((job) => job.enqueueDueAt !== null && job.enqueueDueAt <= at)
      due.sort((a, b) => Number(a.enqueueDueAt) - Number(b.enqueueDueAt))
      return Promise.resolve(due.slice(0, limit).map(toOutstanding))
    },
    markEnqueued(marks) {
      for (const { id, run, at } of marks) {
        const job = jobs.get(id)
        const isDue = job?.status === "queued" && job.enqueueDueAt !== null && job.enqueueDueAt <= at
        if (isDue && job.run === run) jobs.set(id, { ...job, enqueueDueAt: null })
      }
      return Promise.resolve()
    },
    findPastDeadline({ at, limit }) {
      const past = [...jobs.values()].flatMap((job) => (isFinal(job) || job.deadline > at ? [] : [job]))
      past.sort((a, b) => Number(a.deadline) - Number(b.deadline))
      return Promise.resolve(past.slice(0, limit))
    },
    findToFanOut({ at, limit }) {
      const waiting = [...jobs.values()].filter(({ events }) => events.some((event) => !event.fannedOut && event.at < at))
      return Promise.resolve(waiting.slice(0, limit))
    },
    markFannedOut(marks) {
      for (const { jobId, eventId } of marks) {
        const job = jobs.get(jobId)
        if (!job) continue
        const events = job.events.map((event) => (event.id === eventId ? { ...event, fannedOut: true } : event))
        jobs.set(jobId, { ...job, events })
      }
      return Promise.resolve()
    },
  }
}

function matches(job: Job, filter: JobFilter): boolean {
  const served = job.status === "succeeded" ? job.result.provenance : null
  const error = "error" in job ? job.error : null
  const tests = [
    job.tenantId === filter.tenantId,
    filter.statuses === undefined || filter.statuses.includes(job.status),
    filter.route === undefined || job.route === filter.route,
    filter.errorType === undefined || error?.type === filter.errorType,
    filter.tier === undefined || served?.served.tier === filter.tier,
    filter.quality === undefined || served?.quality === filter.quality,
    filter.batchId === undefined || job.batchId === filter.batchId,
    filter.createdAfter === undefined || job.createdAt > filter.createdAfter,
    filter.createdBefore === undefined || job.createdAt < filter.createdBefore,
    Object.entries(filter.metadata ?? {}).every(([key, value]) => job.metadata[key] === value),
  ]
  return tests.every(Boolean)
}
