import { startSimulator } from "@sluice/simulator"
import { type BenchOptions, onServices, type Workshop } from "../lib/bench.ts"
import { concurrently } from "../lib/concurrently.ts"
import { type Installation, startInstallation } from "../lib/installation.ts"
import { simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"
import { type Rates, startBareLoop } from "./bare-loop.ts"

const defaultJobs = 4_000
const rounds = 3
const concurrency = 64
const prompt = "Summarise: the customer's parcel arrived late, and they ask for a refund of the postage."

/**
 * One client, one process that accepts and one that works on each side, the same simulated provider, in turns. The bare loop
 * keeps nothing: it has no database, no API and no result, so it is the ceiling, not a rival.
 */
export async function measureBullmq(options: BenchOptions): Promise<void> {
  const jobs = options.jobs ?? (options.isShort ? 50 : defaultJobs)
  const figures = await onServices(options, (workshop) => takeTurns(workshop, { ...options, jobs }))
  const summary = Object.fromEntries(Object.entries(figures).map(([title, list]) => [title, medianOf(list)]))
  writeResults("bullmq", options, { settings: { jobs, concurrency, rounds, processes: 1 }, median: summary, rounds: figures })
  process.stdout.write(describe(summary))
}

async function takeTurns(
  { services, name, say }: Workshop,
  { jobs, environment }: BenchOptions & { readonly jobs: number },
): Promise<Readonly<Record<string, readonly Rates[]>>> {
  const simulator = await startSimulator({ profile: "healthy", latency: { baseMs: 0, jitterMs: 0 } })
  const input = { messages: [{ role: "user", content: prompt }] }
  const body = JSON.stringify({ model: "sim-1", ...input })
  const bare = await startBareLoop({ providerUrl: simulator.url, redisUrl: services.redisUrl, prefix: name, body })
  const sluice = await startInstallation({
    services,
    name,
    configuration: {
      endpoints: { sim: simulatedEndpoint(simulator) },
      routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } },
    },
    inherited: environment,
  })
  const submission = JSON.stringify({ route: "chat", input })
  const contenders: Readonly<Record<string, (count: number) => Promise<Rates>>> = {
    "bare BullMQ": (count) => bare.round(count, concurrency),
    Sluice: (count) => roundOf(sluice, { jobs: count, submission }),
  }
  const figures: Record<string, Rates[]> = {}
  try {
    for (const round of Object.values(contenders)) await round(Math.min(500, jobs))
    for (let round = 1; round <= rounds; round += 1) {
      for (const [title, contender] of Object.entries(contenders)) {
        const rates = await contender(jobs)
        figures[title] = [...(figures[title] ?? []), rates]
        say(`round ${round}, ${title}: ${Math.round(rates.submitsPerSecond)} submits/s, ${Math.round(rates.jobsPerSecond)} jobs/s`)
      }
    }
  } finally {
    await Promise.all([bare.close(), sluice.stop()])
    await simulator.stop()
  }
  return figures
}

async function roundOf(
  installation: Installation,
  { jobs, submission }: { readonly jobs: number; readonly submission: string },
): Promise<Rates> {
  const startedAt = performance.now()
  await concurrently(jobs, concurrency, async () => void (await installation.submit(submission)))
  const submitted = performance.now()
  await installation.untilDone()
  const ended = performance.now()
  return { submitsPerSecond: (jobs / (submitted - startedAt)) * 1_000, jobsPerSecond: (jobs / (ended - startedAt)) * 1_000 }
}

function medianOf(list: readonly Rates[]): Rates {
  const median = (pick: (rates: Rates) => number) => list.map(pick).toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0
  return { submitsPerSecond: median((rates) => rates.submitsPerSecond), jobsPerSecond: median((rates) => rates.jobsPerSecond) }
}

function describe(summary: Readonly<Record<string, Rates>>): string {
  const ceiling = summary["bare BullMQ"]
  const lines = Object.entries(summary).map(([title, { submitsPerSecond, jobsPerSecond }]) => {
    const share = (value: number, of: number | undefined) =>
      `${String(Math.round(value)).padStart(8)} (${(value / (of ?? value)).toFixed(2)})`
    return `${title.padEnd(12)} ${share(submitsPerSecond, ceiling?.submitsPerSecond)}    ${share(jobsPerSecond, ceiling?.jobsPerSecond)}`
  })
  return `\n${"".padEnd(12)}    submits/s          jobs/s     (share of the bare loop)\n${lines.join("\n")}\n`
}
