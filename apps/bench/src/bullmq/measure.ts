import { fileURLToPath } from "node:url"
import { startServices } from "@sluice/devstack"
import { startSimulator } from "@sluice/simulator"
import { writeResults } from "../lib/write-results.ts"
import { type Rates, startBareLoop } from "./bare-loop.ts"
import { startSluice } from "./sluice.ts"

export interface BenchOptions {
  /** In each round. */
  readonly jobs: number
  readonly environment: Readonly<Record<string, string | undefined>>
}

const dataFolder = fileURLToPath(new URL("../../../../.data", import.meta.url))
const rounds = 3
const concurrency = 64
const prompt = "Summarise: the customer's parcel arrived late, and they ask for a refund of the postage."

/**
 * One client, one process that accepts and one that works on each side, the same simulated provider, in turns. The bare loop
 * keeps nothing: it has no database, no API and no result, so it is the ceiling, not a rival.
 */
export async function measureBullmq({ jobs, environment }: BenchOptions): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const services = await startServices({ dataFolder, environment, mayInstall: () => true, report: say })
  const simulator = await startSimulator({ profile: "healthy", latency: { baseMs: 0, jitterMs: 0 } })
  const name = `bench${Date.now().toString(36)}`
  const input = { messages: [{ role: "user", content: prompt }] }
  const common = { providerUrl: simulator.url }
  const bare = await startBareLoop({
    ...common,
    redisUrl: services.redisUrl,
    prefix: name,
    body: JSON.stringify({ model: "sim-1", ...input }),
  })
  const sluice = await startSluice({ ...common, services, name, body: JSON.stringify({ route: "chat", input }), inherited: environment })
  const contenders = { "bare BullMQ": bare, Sluice: sluice }
  const figures: Record<string, Rates[]> = {}
  try {
    for (const contender of Object.values(contenders)) await contender.round(Math.min(500, jobs), concurrency)
    for (let round = 1; round <= rounds; round += 1) {
      for (const [title, contender] of Object.entries(contenders)) {
        const rates = await contender.round(jobs, concurrency)
        figures[title] = [...(figures[title] ?? []), rates]
        say(`round ${round}, ${title}: ${Math.round(rates.submitsPerSecond)} submits/s, ${Math.round(rates.jobsPerSecond)} jobs/s`)
      }
    }
  } finally {
    await Promise.all([bare.close(), sluice.close()])
    await simulator.stop()
    await services.stop()
  }
  const summary = Object.fromEntries(Object.entries(figures).map(([title, list]) => [title, medianOf(list)]))
  writeResults("bullmq", { settings: { jobs, concurrency, rounds, processes: 1 }, median: summary, rounds: figures })
  process.stdout.write(describe(summary))
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
