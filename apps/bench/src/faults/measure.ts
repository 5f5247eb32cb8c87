import { startSimulator } from "@sluice/simulator"
import { type BenchOptions, onServices, type Workshop } from "../lib/bench.ts"
import { concurrently } from "../lib/concurrently.ts"
import { asPercent, countBy, percentile, table } from "../lib/figures.ts"
import { startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"

const defaultJobs = 20_000
const submitters = 32
const latency = { baseMs: 50, jitterMs: 50 }
/** A provider that hangs is given up after so long. */
const timeoutMs = 2_000

interface Row {
  readonly pool: number
  readonly jobs: number
  readonly byStatus: Readonly<Record<string, number>>
  readonly calls: number
  readonly failedCalls: number
  readonly attemptsP99: number
  readonly seconds: number
  readonly waitP50Ms: number
}

/** Jobs through providers that fail in 15 of 100 calls, with nobody to fall back on: how many fail, or get lost. */
export async function measureFaults(options: BenchOptions): Promise<void> {
  const jobs = options.jobs ?? defaultJobs
  const rows = await onServices(options, async (workshop) => [
    await measurePool(workshop, options, { pool: 2, jobs }),
    await measurePool(workshop, options, { pool: 1, jobs }),
  ])
  writeResults("faults", { settings: { jobs, submitters, latency, timeoutMs, profile: "fault-mix", fallback: "none" }, rows })
  const lines = rows.map(({ pool, byStatus, calls, failedCalls, attemptsP99, seconds, waitP50Ms }) => [
    pool,
    byStatus.succeeded ?? 0,
    byStatus.failed ?? 0,
    jobs - Object.values(byStatus).reduce((sum, count) => sum + count, 0),
    asPercent(failedCalls / calls),
    attemptsP99,
    Math.round(jobs / seconds),
    Math.round(waitP50Ms),
  ])
  const heading = ["pool", "succeeded", "failed", "lost", "failed calls", "attempts p99", "jobs/s", "p50 ms"]
  process.stdout.write(`\n${table([heading, ...lines])}\n`)
}

async function measurePool(
  { services, name, say }: Workshop,
  { environment }: BenchOptions,
  { pool, jobs }: { readonly pool: number; readonly jobs: number },
): Promise<Row> {
  const simulators = await Promise.all(
    Array.from({ length: pool }, (_, index) => startSimulator({ profile: "fault-mix", seed: index + 1, latency })),
  )
  const endpoints = Object.fromEntries(
    simulators.map((simulator, index) => [`sim-${index + 1}`, simulatedEndpoint(simulator, { timeoutMs })]),
  )
  const installation = await startInstallation({
    services,
    name: `${name}-pool${pool}`,
    configuration: { endpoints, routes: { chat: { tiers: [{ name: "primary", endpoints: Object.keys(endpoints) }] } } },
    concurrency: 100,
    inherited: environment,
  })
  try {
    const startedAt = performance.now()
    await concurrently(jobs, submitters, async (index) => {
      await installation.submit(chatJob(`Job ${index}: a parcel arrived late.`, { fallback: "none" }))
    })
    say(`pool of ${pool}: ${jobs} jobs accepted after ${Math.round((performance.now() - startedAt) / 1_000)} s`)
    await installation.untilDone()
    const seconds = (performance.now() - startedAt) / 1_000
    const ended = await installation.jobs()
    const counters = simulators.map((simulator) => simulator.counters())
    const calls = counters.reduce((sum, { received }) => sum + received, 0)
    const good = counters.reduce((sum, { byFate }) => sum + (byFate.ok ?? 0), 0)
    return {
      pool,
      jobs,
      byStatus: countBy(ended, ({ status }) => status),
      calls,
      failedCalls: calls - good,
      attemptsP99: percentile(
        ended.map(({ attemptCount }) => attemptCount),
        0.99,
      ),
      seconds,
      waitP50Ms: percentile(
        ended.map(({ createdAt, finishedAt }) => Date.parse(finishedAt ?? "") - Date.parse(createdAt)),
        0.5,
      ),
    }
  } finally {
    await installation.stop()
    await Promise.all(simulators.map((simulator) => simulator.stop()))
  }
}
