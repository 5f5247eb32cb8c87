import type { DeadDeliveries, DeadLettersConfig, Job, ReplayRequest } from "@sluice/core"
import {
  createMemoryBatchStore,
  createMemoryDeadLetterStore,
  createMemoryDeliveryStore,
  createMemoryJobQueue,
  createMemoryJobStore,
  createMemoryLeaseStore,
  createMemoryReplayStore,
  createMemoryTenantDirectory,
  createMemoryWebhookEndpointStore,
  sampleFailure,
  sampleJob,
  sampleSuccess,
} from "@sluice/core/testing"
import type { Catalog } from "../catalog.ts"
import { createDeadLetterUpkeep, type RateReport } from "../dead-letters/dead-letter-upkeep.ts"
import { createDiscardDeadLetters } from "../dead-letters/discard-dead-letters.ts"
import { createCreateReplay } from "../replay/create-replay.ts"
import { createReplayRunner } from "../replay/replay-runner.ts"
import { fanOutOf } from "./fan-out.ts"
import { catalogOf } from "./harness.ts"

const nothingUntold = { findUntold: () => Promise.resolve([]), markTold: () => Promise.resolve() }

const t0 = new Date("2026-01-01T00:00:00.000Z")

/** Dead letters and everything that acts on them, in memory, with a clock that stands still until it is moved. */
export function createDeadLettersHarness(options: { readonly catalog?: Catalog; readonly redeliver?: DeadDeliveries["redeliver"] } = {}) {
  let now = t0
  const clock = () => now
  const catalog = options.catalog ?? catalogOf()
  const jobs = createMemoryJobStore()
  const deadLetters = createMemoryDeadLetterStore(jobs)
  const replays = createMemoryReplayStore()
  const batches = createMemoryBatchStore()
  const queue = createMemoryJobQueue()
  const deliveries = createMemoryDeliveryStore()
  const endpoints = createMemoryWebhookEndpointStore()
  const leases = createMemoryLeaseStore({ clock })
  const failures: unknown[] = []
  const rates: (RateReport & { readonly what: "grew" | "recovered" })[] = []
  const discardedOld: number[] = []
  const settings: { current: DeadLettersConfig } = { current: { retentionMs: 1_000_000, alert: { windowMs: 60_000, floor: 2, factor: 2 } } }
  const common = { deadLetters, replays, catalog: () => catalog, clock }
  const create = createCreateReplay(common)
  const discard = createDiscardDeadLetters(common)

  return {
    jobs,
    deadLetters,
    replays,
    batches,
    queue,
    leases,
    deliveries,
    endpoints,
    clock,
    failures,
    rates,
    discardedOld,
    settings,
    discard,
    advance: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
    /** A job that has failed just now. */
    async dead(overrides: Parameters<typeof sampleJob>[0] = {}, error: object = {}): Promise<Job> {
      const job = sampleJob(overrides)
      await jobs.insert(job)
      const ending = sampleFailure({ at: now, eventId: `evt_${job.id}_1`, error: { ...sampleFailure().error, ...error } })
      await jobs.abandon({ id: job.id, run: job.run, ending })
      return job
    },
    replay: (body: Partial<ReplayRequest>, tenantId = "default") =>
      create({ tenantId, by: "key_1", requestId: "req_replay", body: { dryRun: false, perSecond: 10, ...body } }),
    runnerAs: (holder: string) =>
      createReplayRunner({
        tenants: createMemoryTenantDirectory(),
        ...common,
        batches,
        jobs,
        fanOut: fanOutOf(jobs, { deliveries, endpoints }),
        deliveries: options.redeliver ? { ...deadLetters, ...nothingUntold, redeliver: options.redeliver } : null,
        queue,
        leases,
        holder,
        observer: {
          letterFailed: ({ error }) => failures.push(error),
          replayInterrupted: ({ error }) => failures.push(error),
          replayEnded: () => undefined,
        },
      }),
    upkeepAs: (holder: string) =>
      createDeadLetterUpkeep({
        deadLetters,
        leases,
        clock,
        holder,
        settings: () => settings.current,
        observer: {
          rateGrew: (report) => rates.push({ what: "grew", ...report }),
          rateRecovered: (report) => rates.push({ what: "recovered", ...report }),
          discardedOld: (count) => discardedOld.push(count),
        },
      }),
    /** Ends the run of every job that is queued, as a worker would. */
    async endRuns(isGood: (job: Job) => boolean = () => true): Promise<number> {
      const queued = [...jobs.jobs.values()].filter(({ status }) => status === "queued")
      for (const job of queued) {
        const token = `t-${job.run}`
        await jobs.claim({ id: job.id, run: job.run, claim: { token, workerId: "w", at: now } })
        const end = { at: now, eventId: `evt_${job.id}_${job.run}` }
        await jobs.finish({ id: job.id, run: job.run, token, ending: isGood(job) ? sampleSuccess(end) : sampleFailure(end) })
      }
      return queued.length
    },
  }
}
