import { type BatchSubmission, batchSubmission } from "@sluice/core"
import { startSimulator } from "@sluice/simulator"
import { type BenchOptions, onServices, pause } from "../lib/bench.ts"
import { percentile, table } from "../lib/figures.ts"
import { type Installation, startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"

const defaultFlood = 20_000
const batchSize = 10_000
const defaultSamples = 20
const serviceMs = 50
const concurrency = 20

interface Sampled {
  readonly waitP99Ms: number
  readonly submitP50Ms: number
  readonly submitP99Ms: number
}

/** One tenant floods a route by batches; what another, that submits one job a second, waits for its answer and for a worker. */
export async function measureBatches(options: BenchOptions): Promise<void> {
  const flood = options.jobs ?? (options.isShort ? 50 : defaultFlood)
  const samples = options.isShort ? 1 : defaultSamples
  const result = await onServices(options, async ({ services, name, say }) => {
    const simulator = await startSimulator({ profile: "healthy", latency: { baseMs: serviceMs } })
    const configuration = {
      endpoints: { sim: simulatedEndpoint(simulator, { timeoutMs: 5_000 }) },
      routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } },
    }
    const installation = await startInstallation({ services, name, configuration, concurrency, inherited: options.environment })
    try {
      const idle = await sample(installation, "idle", samples)
      say(`idle: ${JSON.stringify(idle)}`)
      const startedAt = performance.now()
      const submitting = submitFlood(installation, flood).then(() => (flood * 1_000) / (performance.now() - startedAt))
      const flooded = await sample(installation, "flooded", samples)
      const acceptedPerSecond = await submitting
      say(`flooded: ${JSON.stringify(flooded)}, ${Math.round(acceptedPerSecond)} accepted/s`)
      return { idle, flooded, acceptedPerSecond, stillQueued: await installation.hasJobs("queued") }
    } finally {
      await installation.stop()
      await simulator.stop()
    }
  })
  writeResults("batches", options, { settings: { flood, batchSize, samples, serviceMs, concurrency }, ...result })
  const line = (title: string, { waitP99Ms, submitP50Ms, submitP99Ms }: Sampled) =>
    [title, ...[waitP99Ms, submitP50Ms, submitP99Ms].map((ms) => Math.round(ms))] as const
  const heading = ["", "wait in line p99 ms", "submit p50 ms", "submit p99 ms"]
  const lines = [heading, line("idle", result.idle), line("flooded", result.flooded)]
  process.stdout.write(`\n${table(lines)}\nAccepted by batches: ${Math.round(result.acceptedPerSecond)} jobs/s\n`)
}

async function submitFlood(installation: Installation, count: number): Promise<void> {
  for (let from = 0; from < count; from += batchSize) {
    const size = Math.min(batchSize, count - from)
    const items = Array.from({ length: size }, (_, index) =>
      JSON.stringify({ customId: `i${index}`, job: chatJob(`Flood ${from + index}`) }),
    )
    const answer = await fetch(`${installation.url}/v1/batches`, {
      method: "POST",
      headers: { ...installation.headersOf("default"), "content-type": "application/x-ndjson" },
      body: items.join("\n"),
    })
    const { accepted }: BatchSubmission = batchSubmission.parse(await answer.json())
    if (accepted !== size) throw new Error(`Only ${accepted} of ${size} items were accepted.`)
  }
}

async function sample(installation: Installation, tenant: string, samples: number): Promise<Sampled> {
  const submits: number[] = []
  for (let index = 0; index < samples; index += 1) {
    const startedAt = performance.now()
    await installation.submit(chatJob(`Sample ${index}`), tenant)
    submits.push(performance.now() - startedAt)
    await pause(1_000 - (performance.now() - startedAt))
  }
  await installation.untilDone({ tenant })
  const waits = (await installation.jobs(tenant)).map(({ createdAt, startedAt }) => Date.parse(startedAt ?? "") - Date.parse(createdAt))
  return { waitP99Ms: percentile(waits, 0.99), submitP50Ms: percentile(submits, 0.5), submitP99Ms: percentile(submits, 0.99) }
}
