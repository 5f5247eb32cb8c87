import { startSimulator } from "@sluice/simulator"
import { type BenchOptions, onServices, pause, type Workshop } from "../lib/bench.ts"
import { concurrently } from "../lib/concurrently.ts"
import { percentile, table } from "../lib/figures.ts"
import { type Installation, startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"

const defaultFlood = 2_500
const floodSubmitters = 32
const defaultSamples = 40
const serviceMs = 300
const concurrency = 20

interface Row {
  readonly title: string
  readonly idleP99Ms: number
  readonly floodedP99Ms: number
  /** Of the flood when the last sample was taken. */
  readonly stillQueued: boolean
}

/** One tenant floods a route; what another, that submits one job a second, waits in line for a worker. */
export async function measureFairness(options: BenchOptions): Promise<void> {
  const rows = await onServices(options, async (workshop) => [
    ...(await measureWith(workshop, options, { title: "healthy", profile: "healthy" })),
    ...(options.isShort ? [] : await measureWith(workshop, options, { title: "handed-back jobs", profile: "fault-mix" })),
  ])
  writeResults("fairness", options, {
    settings: { flood: options.jobs ?? defaultFlood, samples: samplesOf(options), serviceMs, concurrency },
    rows,
  })
  const heading = ["", "idle p99 ms", "flooded p99 ms", "bound ms (3 x idle + service)", "flood lasted"]
  const lines = rows.map(({ title, idleP99Ms, floodedP99Ms, stillQueued }) => [
    title,
    Math.round(idleP99Ms),
    Math.round(floodedP99Ms),
    Math.round(3 * idleP99Ms + serviceMs),
    stillQueued ? "yes" : "no",
  ])
  process.stdout.write(`\n${table([heading, ...lines])}\n`)
}

async function measureWith(
  { services, name, say }: Workshop,
  { environment, jobs, isShort, seed }: BenchOptions,
  { title, profile }: { readonly title: string; readonly profile: "healthy" | "fault-mix" },
): Promise<readonly Row[]> {
  const simulator = await startSimulator({ profile, seed, latency: { baseMs: serviceMs } })
  const installation = await startInstallation({
    services,
    name: `${name}-${profile}`,
    configuration: {
      endpoints: { sim: simulatedEndpoint(simulator, { timeoutMs: 2_000 }) },
      routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } },
    },
    concurrency,
    inherited: environment,
  })
  const rows: Row[] = []
  const samples = samplesOf({ isShort })
  try {
    for (const round of isShort ? ["first flood"] : ["first flood", "after an idle reset"]) {
      const idleP99Ms = await sample(installation, `${round}-idle`, samples)
      const flooding = flood(installation, jobs ?? (isShort ? 30 : defaultFlood))
      // The line is long before the first sample.
      await pause(isShort ? 200 : 2_000)
      const floodedP99Ms = await sample(installation, `${round}-flooded`, samples)
      const stillQueued = await hasUnfinished(installation)
      await flooding
      await installation.untilDone({ tenant: "flood" })
      const row = { title: `${title}, ${round}`, idleP99Ms, floodedP99Ms, stillQueued }
      say(JSON.stringify(row))
      rows.push(row)
    }
  } finally {
    await installation.stop()
    await simulator.stop()
  }
  return rows
}

function samplesOf({ isShort }: Pick<BenchOptions, "isShort">): number {
  return isShort ? 1 : defaultSamples
}

async function flood(installation: Installation, count: number): Promise<void> {
  await concurrently(count, floodSubmitters, async (index) => {
    await installation.submit(chatJob(`Flood ${index}`), "flood")
  })
}

/** One job a second: how long the 99th of 100 stood in line. */
async function sample(installation: Installation, round: string, samples: number): Promise<number> {
  const tenant = round.replaceAll(" ", "-")
  for (let index = 0; index < samples; index += 1) {
    const startedAt = performance.now()
    await installation.submit(chatJob(`Sample ${index}`), tenant)
    await pause(1_000 - (performance.now() - startedAt))
  }
  await installation.untilDone({ tenant })
  const jobs = await installation.jobs(tenant)
  return percentile(
    jobs.map(({ createdAt, startedAt }) => Date.parse(startedAt ?? "") - Date.parse(createdAt)),
    0.99,
  )
}

async function hasUnfinished(installation: Installation): Promise<boolean> {
  const done = installation.untilDone({ tenant: "flood" }).then(() => false)
  return await Promise.race([done, pause(500).then(() => true)])
}
