import { startSimulator } from "@sluice/simulator"
import { type BenchOptions, onServices, pause, type Workshop } from "../lib/bench.ts"
import { concurrently } from "../lib/concurrently.ts"
import { cpuTimeMs, percentile, table } from "../lib/figures.ts"
import { type Installation, startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"
import { type Collector, startCollector } from "./collector.ts"

const defaultJobs = 3_000
const fullRounds = 3
const concurrency = 32
/** Spans wait no longer than this to be sent. */
const settleMs = 1_500

interface Cost {
  readonly apiMsPerJob: number
  readonly workerMsPerJob: number
}

const contenders = ["off", "a tenth kept", "all kept"] as const
type Contender = (typeof contenders)[number]

/** The processor time of API and worker for a job, with tracing off and on, in turns; the collector counts what it is sent. */
export async function measureTracing(options: BenchOptions): Promise<void> {
  const rounds = options.isShort ? 1 : fullRounds
  const jobs = options.jobs ?? (options.isShort ? 30 : defaultJobs)
  const { costs, spans } = await onServices(options, (workshop) => takeTurns(workshop, { ...options, jobs, rounds }))
  const rows = contenders.map((contender) => {
    const median = (pick: (cost: Cost) => number) => percentile((costs.get(contender) ?? []).map(pick), 0.5).toFixed(3)
    return [contender, median(({ apiMsPerJob }) => apiMsPerJob), median(({ workerMsPerJob }) => workerMsPerJob)]
  })
  writeResults("tracing", options, { settings: { jobs, rounds, concurrency }, spans, costs: Object.fromEntries(costs) })
  process.stdout.write(`\n${table([["traces", "API ms/job", "worker ms/job"], ...rows])}\n${spans} spans came to the collector\n`)
}

async function takeTurns(
  { services, name, say }: Workshop,
  { jobs, rounds, environment }: BenchOptions & { readonly jobs: number; readonly rounds: number },
) {
  const simulator = await startSimulator({ profile: "healthy", latency: { baseMs: 0, jitterMs: 0 } })
  const collector = await startCollector()
  const started: [Contender, Installation][] = []
  const costs = new Map<Contender, Cost[]>()
  try {
    for (const [index, contender] of contenders.entries()) {
      const configuration = {
        endpoints: { sim: simulatedEndpoint(simulator) },
        routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } },
      }
      const inherited = { ...environment, ...variablesOf(contender, collector) }
      started.push([contender, await startInstallation({ services, name: `${name}-${index}`, configuration, inherited })])
    }
    for (const [, installation] of started) await costOf(installation, Math.min(500, jobs))
    for (let round = 1; round <= rounds; round += 1) {
      for (const [contender, installation] of started) {
        const cost = await costOf(installation, jobs)
        costs.set(contender, [...(costs.get(contender) ?? []), cost])
        say(`round ${round}, ${contender}: API ${cost.apiMsPerJob.toFixed(3)} ms/job, worker ${cost.workerMsPerJob.toFixed(3)} ms/job`)
      }
    }
  } finally {
    await Promise.all(started.map(([, installation]) => installation.stop()))
    await Promise.all([collector.close(), simulator.stop()])
  }
  return { costs, spans: collector.spans() }
}

function variablesOf(contender: Contender, { url }: Collector): Readonly<Record<string, string>> {
  if (contender === "off") return {}
  const all = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: "500" }
  return contender === "all kept" ? all : { ...all, OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.1" }
}

async function costOf(installation: Installation, jobs: number): Promise<Cost> {
  const pids = [installation.api.pid, installation.workers[0]?.pid ?? 0]
  const before = pids.map(cpuTimeMs)
  await concurrently(jobs, concurrency, async (index) => void (await installation.submit(chatJob(`Job ${index}`))))
  await installation.untilDone()
  await pause(settleMs)
  const [apiMs = 0, workerMs = 0] = pids.map((pid, index) => cpuTimeMs(pid) - (before[index] ?? 0))
  return { apiMsPerJob: apiMs / jobs, workerMsPerJob: workerMs / jobs }
}
