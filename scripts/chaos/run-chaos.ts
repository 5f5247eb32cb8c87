import { monitorEventLoopDelay } from "node:perf_hooks"
import { setTimeout as sleep } from "node:timers/promises"
import type { JobResource } from "../../packages/core/src/index.ts"
import type { Releasers } from "../../packages/runtime/src/index.ts"
import type { Simulator } from "../../packages/simulator/src/index.ts"
import { mapConcurrently } from "../lib/map-concurrently.ts"
import { type ApiClient, createApiClient } from "./api-client.ts"
import { countersOf } from "./counters.ts"
import type { Evidence, InflictedStrike, ProviderCall, Submission } from "./evidence.ts"
import type { FaultName } from "./faults.ts"
import { inflict, type Targets } from "./inflict.ts"
import { startOwnMongodb, startOwnRedis } from "./own-services.ts"
import { callsPaidTwice } from "./paid-twice.ts"
import { planStrikes, type Strike } from "./plan-strikes.ts"
import { startProduct, startProviders } from "./product.ts"
import { type Load, submitLoad } from "./submit-load.ts"
import { startWebhookReceiver, type WebhookReceiver } from "./webhook-receiver.ts"

export interface ChaosOptions {
  readonly jobs: number
  readonly seed: number
  /** How long jobs come and faults strike. */
  readonly overMs: number
  readonly faults: readonly FaultName[]
  readonly apis: number
  readonly workers: number
  readonly freezeMs: number
  /** How long the end of all jobs is waited for after that. */
  readonly settleMs: number
  /** Of this run alone: services, configuration, logs. */
  readonly folder: string
  readonly documentdbImage: string
  /** Asked before packages of the operating system are installed. */
  readonly mayInstall: () => Promise<boolean> | boolean
  readonly releasers: Releasers
  readonly signal: AbortSignal
  readonly report: (line: string) => void
}

const gapMs = 20_000
const firstStrikeMs = 3_000
const progressEveryMs = 10_000
const settlePollMs = 500
/** How long callers who wait for a job may take to hear of an end that is there. */
const patienceMs = 10_000
const secondLookMs = 2_000
const countersPatienceMs = 60_000

interface Stage {
  readonly targets: Targets
  readonly receiver: WebhookReceiver
  readonly api: ApiClient
}

/** Starts everything, harms it while jobs come, waits for their ends, and gathers the evidence. */
export async function runChaos(options: ChaosOptions): Promise<Evidence> {
  const { report } = options
  const stage = await start(options)
  const delays = monitorEventLoopDelay()
  delays.enable()
  const startedAt = performance.now()
  const abort = new AbortController()
  const signal = AbortSignal.any([options.signal, abort.signal])
  const patience = new AbortController()
  let accepted = 0
  const loading = submitLoad({
    ...{ ...options, api: stage.api, webhookUrl: stage.receiver.url, signal },
    ...{ patience: patience.signal, onAccepted: () => (accepted += 1) },
  })
  const progress = setInterval(() => {
    report(`${clock(startedAt)} ${accepted} of ${options.jobs} accepted`)
  }, progressEveryMs)
  try {
    const [load, strikes] = await Promise.all([loading, strikeAll(options, stage.targets, startedAt, signal)])
    clearInterval(progress)
    report(`${clock(startedAt)} All accepted, and nothing is harmed any more; waiting for the end of all jobs`)
    const giveUpAt = performance.now() + options.settleMs
    await settle(options, stage.api, giveUpAt)
    const submissions = await submissionsOf(load, patience)
    await untilTold(submissions, stage.receiver, giveUpAt)
    return { ...(await gather(stage, submissions, strikes)), heldUpMs: delays.max / 1e6 }
  } finally {
    delays.disable()
    clearInterval(progress)
    abort.abort()
    patience.abort()
  }
}

async function start(options: ChaosOptions): Promise<Stage> {
  const { releasers, report, signal } = options
  report("Starting a Redis, a MongoDB, providers, APIs and workers of its own")
  const [redis, mongodb, simulators, receiver] = await Promise.all([
    ...([startOwnRedis(options), startOwnMongodb(options), startProviders(options), startWebhookReceiver(options)] as const),
  ])
  const ports = { redisPort: redis.proxyPort, mongodbPort: mongodb.proxyPort }
  const product = await startProduct({ ...options, ...ports, simulators, releasers })
  const api = createApiClient({ urls: product.apiUrls, apiKey: product.apiKey, signal })
  return { targets: { ...product, redis, mongodb, simulators, freezeMs: options.freezeMs }, receiver, api }
}

/** Strikes at each planned time; one does not wait for the end of another. */
async function strikeAll(
  options: ChaosOptions,
  targets: Targets,
  startedAt: number,
  signal: AbortSignal,
): Promise<readonly InflictedStrike[]> {
  const { seed, faults, overMs, report } = options
  const untilMs = Math.max(firstStrikeMs, overMs - options.freezeMs)
  const plan = planStrikes({ seed, faults, fromMs: firstStrikeMs, untilMs, gapMs })
  return await Promise.all(
    plan.map(async (strike: Strike) => {
      await sleep(Math.max(0, startedAt + strike.atMs - performance.now()), undefined, { signal })
      const fromMs = Date.now()
      report(`${clock(startedAt)} ${strike.fault}`)
      await inflict(targets, strike)
      return { fault: strike.fault, fromMs, untilMs: Date.now() }
    }),
  )
}

/** Waits until no job is unfinished, or the time for it is up: what is left then will be found. */
async function settle({ report, signal }: ChaosOptions, api: ApiClient, giveUpAt: number): Promise<void> {
  for (let reportAt = 0; ; ) {
    const { body } = await api.send("/v1/jobs?status=queued,running&limit=200")
    const left = (body as { data: readonly unknown[] }).data.length
    if (left === 0 || performance.now() > giveUpAt) return
    if (performance.now() > reportAt) {
      report(`      ${left === 200 ? "200 or more" : left} jobs have not ended yet`)
      reportAt = performance.now() + progressEveryMs
    }
    await sleep(settlePollMs, undefined, { signal })
  }
}

async function submissionsOf({ submissions }: Load, patience: AbortController): Promise<readonly Submission[]> {
  const timer = setTimeout(() => patience.abort(), patienceMs)
  try {
    return await submissions
  } finally {
    clearTimeout(timer)
  }
}

/** Waits until the receiver has heard of every job that it was to hear of, or the time is up. */
async function untilTold(submissions: readonly Submission[], receiver: WebhookReceiver, giveUpAt: number): Promise<void> {
  const wanted = submissions.filter(({ wantsWebhook }) => wantsWebhook)
  for (;;) {
    const told = new Set(receiver.receipts().map(({ jobId }) => jobId))
    if (wanted.every(({ jobId }) => told.has(jobId)) || performance.now() > giveUpAt) return
    await sleep(settlePollMs)
  }
}

async function gather(
  { api, targets, receiver }: Stage,
  submissions: readonly Submission[],
  strikes: readonly InflictedStrike[],
): Promise<Omit<Evidence, "heldUpMs">> {
  const jobs = await api.jobs("")
  const counters = await countersOf(api, jobs, countersPatienceMs)
  const calls = targets.simulators.flatMap(callsOf)
  const twice = [...callsPaidTwice(calls).keys()].filter((id) => jobs.some((job) => job.id === id))
  const ledgers = await mapConcurrently(twice, 20, (id) => api.job(`/v1/jobs/${id}?expand=attempts`))
  await sleep(secondLookMs)
  const jobsLater: readonly JobResource[] = await api.jobs("")
  return { submissions, jobs, jobsLater, ledgers, calls, receipts: receiver.receipts(), strikes, counters }
}

/** The ledger of a simulated provider. Its probes, which belong to no job, are left out. */
function callsOf(simulator: Simulator): ProviderCall[] {
  return simulator.requests().flatMap(({ headers, atMs, fate }) => {
    const idempotencyKey = String(headers["idempotency-key"] ?? "")
    const [, jobId] = /^(job_[0-9a-f]{32})-\d+-\d+$/.exec(idempotencyKey) ?? []
    return jobId === undefined ? [] : [{ jobId, idempotencyKey, atMs, isPaid: fate === "ok" }]
  })
}

function clock(startedAt: number): string {
  const seconds = Math.floor((performance.now() - startedAt) / 1_000)
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`
}
