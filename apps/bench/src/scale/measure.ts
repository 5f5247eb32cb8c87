import { availableParallelism } from "node:os"
import { startSimulator } from "@sluice/simulator"
import { type BenchOptions, dataFolder, onServices, type Workshop } from "../lib/bench.ts"
import { concurrently } from "../lib/concurrently.ts"
import { asPercent, cpuTimeMs, table } from "../lib/figures.ts"
import { startInstallation } from "../lib/installation.ts"
import { serviceCpu } from "../lib/service-cpu.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"

const defaultJobs = 3_000
const processes = [1, 2, 4, 8]
const submitters = 64
/** As many jobs at a time whatever the number of workers, so that only that number differs. */
const inFlight = 400
const latency = { baseMs: 100, jitterMs: 50 }

interface Row {
  readonly workers: number
  readonly jobsPerSecond: number
  /** Processor time by who used it, in ms for each job. */
  readonly cpu: Readonly<Record<string, number>>
  /** Of what the cores of this machine have to give, all processes of the measurement together. */
  readonly ofMachine: number
}

/** The same jobs by 1, 2, 4 and 8 worker processes: jobs/s, and what each job costs whom, from which larger installations follow. */
export async function measureScale(options: BenchOptions): Promise<void> {
  const jobs = options.jobs ?? (options.isShort ? 100 : defaultJobs)
  const rows = await onServices(options, async (workshop) => {
    const measured: Row[] = []
    for (const workers of options.isShort ? [2] : processes) {
      const row = await measureWorkers(workshop, options, { workers, jobs })
      workshop.say(JSON.stringify(row))
      measured.push(row)
    }
    return measured
  })
  writeResults("scale", options, { settings: { jobs, submitters, inFlight, latency }, rows })
  const alone = rows[0]?.jobsPerSecond ?? 1
  const parts = Object.keys(rows[0]?.cpu ?? {})
  const lines = rows.map(({ workers, jobsPerSecond, cpu, ofMachine }) => [
    workers,
    Math.round(jobsPerSecond),
    asPercent(jobsPerSecond / alone / workers),
    ...parts.map((part) => (cpu[part] ?? Number.NaN).toFixed(2)),
    asPercent(ofMachine),
  ])
  const heading = ["workers", "jobs/s", "efficiency", ...parts.map((part) => `${part} ms/job`), "of the machine"]
  process.stdout.write(`\n${table([heading, ...lines])}\n`)
}

async function measureWorkers(
  { services, name }: Workshop,
  { environment, seed }: BenchOptions,
  { workers, jobs }: { readonly workers: number; readonly jobs: number },
): Promise<Row> {
  const simulator = await startSimulator({ profile: "healthy", seed, latency })
  const installation = await startInstallation({
    services,
    name: `${name}-w${workers}`,
    configuration: {
      endpoints: { sim: simulatedEndpoint(simulator, { limits: "off" }) },
      routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } },
    },
    workers,
    concurrency: Math.ceil(inFlight / workers),
    inherited: environment,
  })
  const used = () => {
    const own = process.cpuUsage()
    const { redisMs, mongodbMs } = serviceCpu(dataFolder) ?? { redisMs: Number.NaN, mongodbMs: Number.NaN }
    const ofWorkers = installation.workers.reduce((sum, { pid }) => sum + cpuTimeMs(pid), 0)
    const clientAndProvider = (own.user + own.system) / 1_000
    return {
      API: cpuTimeMs(installation.api.pid),
      workers: ofWorkers,
      Redis: redisMs,
      MongoDB: mongodbMs,
      "client and provider": clientAndProvider,
    }
  }
  const run = async (count: number) => {
    await concurrently(
      count,
      submitters,
      async (index) => void (await installation.submit(chatJob(`Job ${index}: a parcel arrived late.`))),
    )
    await installation.untilDone()
  }
  try {
    await run(Math.ceil(jobs / 5))
    const before = Object.entries(used())
    const startedAt = performance.now()
    await run(jobs)
    const seconds = (performance.now() - startedAt) / 1_000
    const after: Readonly<Record<string, number>> = used()
    const cpu = Object.fromEntries(before.map(([part, ms]) => [part, ((after[part] ?? 0) - ms) / jobs]))
    const total = Object.values(cpu).reduce((sum, ms) => sum + ms, 0) * jobs
    return { workers, jobsPerSecond: jobs / seconds, cpu, ofMachine: total / (seconds * 1_000 * availableParallelism()) }
  } finally {
    await installation.stop()
    await simulator.stop()
  }
}
