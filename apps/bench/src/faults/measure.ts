import { type Simulator, startSimulator } from "@sluice/simulator"
import { type BenchOptions, onServices, type Workshop } from "../lib/bench.ts"
import { concurrently } from "../lib/concurrently.ts"
import { asPercent, countBy, percentile, table } from "../lib/figures.ts"
import { startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"
import { naiveRoad, type Road, type RoadOptions, startGatewayRoad } from "./roads.ts"

const defaultJobs = 5_000
const callers = 128
const latency = { baseMs: 50, jitterMs: 50 }
/** A provider that hangs is given up after so long. */
const timeoutMs = 2_000
/** Few at a time, so that what is measured is the way and not the queue for it. */
const healthyCallers = 4
const healthyShare = 0.05
const mostHealthyJobs = 500

interface Row {
  readonly who: string
  readonly pool: number
  readonly jobs: number
  readonly failed: number
  /** Jobs that have no end. */
  readonly lost: number
  /** Of the provider's calls. */
  readonly failedCalls: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/**
 * Where 15 of 100 calls to the providers fail: how many of its callers' calls fail or get lost with naive code, with a gateway
 * that retries and falls back, and as jobs of Sluice, which may fall back on nothing but the pool. And what each adds to a healthy call.
 */
export async function measureFaults(options: BenchOptions): Promise<void> {
  const jobs = options.jobs ?? (options.isShort ? 40 : defaultJobs)
  const measured = await onServices(options, (workshop) => measureAll(workshop, options, jobs))
  const settings = { jobs, callers, latency, timeoutMs, profile: "fault-mix", fallback: "none" }
  writeResults("faults", options, { settings, ...measured })
  const heading = ["", "pool", "calls", "failed", "lost", "provider's calls failed", "calls/s", "p50 ms", "p99 ms"]
  const lines = measured.rows.map((row) => [
    row.who,
    row.pool,
    row.jobs,
    `${row.failed} (${asPercent(row.failed / row.jobs)})`,
    row.lost,
    asPercent(row.failedCalls),
    Math.round(row.jobs / row.seconds),
    Math.round(row.p50Ms),
    Math.round(row.p99Ms),
  ])
  const direct = measured.healthyP50Ms[0]?.p50Ms ?? 1
  const healthy = measured.healthyP50Ms.map(({ who, p50Ms }) => [who, Math.round(p50Ms), (p50Ms / direct).toFixed(2)])
  process.stdout.write(`\n${table([heading, ...lines])}\n\n${table([["healthy provider", "p50 ms", "of one call"], ...healthy])}\n`)
}

async function measureAll(workshop: Workshop, options: BenchOptions, jobs: number) {
  const rows: Row[] = []
  const healthyP50Ms: { readonly who: string; readonly p50Ms: number }[] = []
  const note = (who: string, row: Row, p50Ms: number) => {
    workshop.say(JSON.stringify({ ...row, healthyP50Ms: p50Ms }))
    rows.push(row)
    healthyP50Ms.push({ who, p50Ms })
  }
  for (const open of [naiveRoad, startGatewayRoad]) {
    const { row, p50Ms } = await measureRoad(open, options, jobs)
    note(row.who, row, p50Ms)
  }
  for (const pool of options.isShort ? [2] : [2, 1]) {
    const { row, p50Ms } = await measurePool(workshop, options, { pool, jobs })
    note(`Sluice, pool of ${pool}`, row, p50Ms)
  }
  return { rows, healthyP50Ms }
}

function startProviders(pool: number, { seed }: BenchOptions): Promise<Simulator[]> {
  return Promise.all(Array.from({ length: pool }, (_, index) => startSimulator({ profile: "healthy", seed: seed + index, latency })))
}

async function measureRoad(open: (options: RoadOptions) => Road | Promise<Road>, options: BenchOptions, jobs: number) {
  const simulators = await startProviders(2, options)
  const road = await open({ providerUrls: simulators.map(({ url }) => url), timeoutMs })
  const took: number[] = []
  const timed = async (index: number) => {
    const startedAt = performance.now()
    await road.call(promptOf(index))
    took.push(performance.now() - startedAt)
  }
  try {
    await concurrently(healthyJobs(jobs), healthyCallers, timed)
    const p50Ms = percentile(took.splice(0), 0.5)
    breakDown(simulators)
    let failed = 0
    const startedAt = performance.now()
    const countFailure = () => {
      failed += 1
    }
    await concurrently(jobs, callers, (index) => timed(index).catch(countFailure))
    const seconds = (performance.now() - startedAt) / 1_000
    const row = { who: road.title, pool: simulators.length, jobs, failed, lost: 0, failedCalls: failedShare(simulators), seconds }
    return { p50Ms, row: { ...row, p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99) } }
  } finally {
    await road.close()
    await Promise.all(simulators.map((simulator) => simulator.stop()))
  }
}

function healthyJobs(jobs: number): number {
  return Math.min(mostHealthyJobs, Math.max(20, Math.ceil(jobs * healthyShare)))
}

function promptOf(index: number): string {
  return `Job ${index}: a parcel arrived late.`
}

/** From now on, and counted from now on. */
function breakDown(simulators: readonly Simulator[]): void {
  for (const simulator of simulators) {
    simulator.configure({ profile: "fault-mix" })
    simulator.reset()
  }
}

function failedShare(simulators: readonly Simulator[]): number {
  const counters = simulators.map((simulator) => simulator.counters())
  const calls = counters.reduce((sum, { received }) => sum + received, 0)
  return 1 - counters.reduce((sum, { byFate }) => sum + (byFate.ok ?? 0), 0) / calls
}

async function measurePool(
  { services, name }: Workshop,
  options: BenchOptions,
  { pool, jobs }: { readonly pool: number; readonly jobs: number },
): Promise<{ readonly row: Row; readonly p50Ms: number }> {
  const simulators = await startProviders(pool, options)
  const endpoints = Object.fromEntries(
    simulators.map((simulator, index) => [`sim-${index + 1}`, simulatedEndpoint(simulator, { timeoutMs })]),
  )
  const installation = await startInstallation({
    services,
    name: `${name}-pool${pool}`,
    configuration: { endpoints, routes: { chat: { tiers: [{ name: "primary", endpoints: Object.keys(endpoints) }] } } },
    concurrency: 100,
    inherited: options.environment,
  })
  const jobOf = (index: number) => chatJob(promptOf(index), { fallback: "none" })
  const run = async (count: number, lanes: number, tenant: string) => {
    const took: number[] = []
    const startedAt = performance.now()
    await concurrently(count, lanes, async (index) => {
      const calledAt = performance.now()
      await installation.call(jobOf(index), tenant)
      took.push(performance.now() - calledAt)
    })
    return { seconds: (performance.now() - startedAt) / 1_000, p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99) }
  }
  try {
    const healthy = await run(healthyJobs(jobs), healthyCallers, "healthy")
    breakDown(simulators)
    const taken = await run(jobs, callers, "default")
    const byStatus = countBy(await installation.jobs(), ({ status }) => status)
    const known = Object.values(byStatus).reduce((sum, count) => sum + count, 0)
    const failed = known - (byStatus.succeeded ?? 0)
    const row = { who: `Sluice, pool of ${pool}`, pool, jobs, failed, lost: jobs - known, failedCalls: failedShare(simulators) }
    return { p50Ms: healthy.p50Ms, row: { ...row, ...taken } }
  } finally {
    await installation.stop()
    await Promise.all(simulators.map((simulator) => simulator.stop()))
  }
}
