import { startSimulator } from "@sluice/simulator"
import { type BenchOptions, onServices, pause, type Workshop } from "../lib/bench.ts"
import { concurrently } from "../lib/concurrently.ts"
import { percentile, table } from "../lib/figures.ts"
import { startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"
import { type ReceiverFaults, startCountingReceiver } from "./counting-receiver.ts"

const defaultEvents = 5_000
const submitters = 32
const timeoutMs = 2_000
/** In quick succession, so that the whole of it can be watched, and longer than any receiver here is away. */
const scheduleMs = [0, 500, 1_000, 2_000, 3_000, 5_000, ...Array.from({ length: 14 }, () => 10_000)]
const giveUpAfterMs = 400_000

interface Scenario {
  readonly title: string
  readonly faults: ReceiverFaults
  /** Gets as many events at the same time; null: there is no other receiver. */
  readonly neighbour: ReceiverFaults | null
}

const well: ReceiverFaults = { failing: 0, hanging: 0, awayAfter: null, awayMs: 0 }

const scenarios: readonly Scenario[] = [
  { title: "healthy", faults: well, neighbour: null },
  {
    title: "30 % fail, 5 % hang, away for 60 s",
    faults: { failing: 0.3, hanging: 0.05, awayAfter: 1_000, awayMs: 60_000 },
    neighbour: null,
  },
  { title: "healthy, beside a healthy one", faults: well, neighbour: well },
  { title: "healthy, beside one that hangs always", faults: well, neighbour: { ...well, hanging: 1 } },
]

interface Row {
  readonly receiver: string
  readonly events: number
  readonly missing: number
  readonly duplicates: number
  readonly requests: number
  readonly deliveriesPerSecond: number
  readonly lagP50Ms: number
  readonly lagP99Ms: number
}

/** Jobs with a webhook: how fast their events reach a receiver that is well and one that is not, how many never, how many twice. */
export async function measureWebhooks(options: BenchOptions): Promise<void> {
  const events = options.jobs ?? (options.isShort ? 20 : defaultEvents)
  const rows = await onServices(options, async (workshop) => {
    const measured: Row[] = []
    for (const scenario of options.isShort ? scenarios.slice(0, 1) : scenarios)
      measured.push(await measureReceiver(workshop, options, { scenario, events }))
    return measured
  })
  writeResults("webhooks", options, { settings: { events, submitters, timeoutMs, scheduleMs, workers: 1 }, rows })
  const heading = ["receiver", "events", "missing", "duplicates", "requests", "deliveries/s", "lag p50 ms", "lag p99 ms"]
  const lines = rows.map((row) => [
    row.receiver,
    row.events,
    row.missing,
    row.duplicates,
    row.requests,
    Math.round(row.deliveriesPerSecond),
    Math.round(row.lagP50Ms),
    Math.round(row.lagP99Ms),
  ])
  process.stdout.write(`\n${table([heading, ...lines])}\n`)
}

async function measureReceiver(
  { services, name, say }: Workshop,
  { environment }: BenchOptions,
  { scenario, events }: { readonly scenario: Scenario; readonly events: number },
): Promise<Row> {
  const simulator = await startSimulator({ profile: "healthy", latency: { baseMs: 0, jitterMs: 0 } })
  const { title, faults, neighbour } = scenario
  const receiver = await startCountingReceiver(faults)
  const other = neighbour && (await startCountingReceiver(neighbour))
  const installation = await startInstallation({
    services,
    name: `${name}-${scenarios.indexOf(scenario)}`,
    configuration: {
      endpoints: { sim: simulatedEndpoint(simulator) },
      routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } },
      webhooks: { scheduleMs, timeoutMs },
    },
    inherited: { ...environment, SLUICE_WEBHOOK_ALLOW_PRIVATE: "1" },
  })
  try {
    const startedAtMs = performance.now()
    await concurrently(events, submitters, async (index) => {
      await installation.submit({ ...chatJob(`Job ${index}`), webhook: { url: receiver.url } })
      if (other) await installation.submit({ ...chatJob(`Other ${index}`), webhook: { url: other.url } })
    })
    await installation.untilDone()
    say(`${title}: ${events} jobs ended after ${Math.round((performance.now() - startedAtMs) / 1_000)} s`)
    const giveUpAtMs = performance.now() + giveUpAfterMs
    while (receiver.taken.size < events && performance.now() < giveUpAtMs) await pause(50)
    return { receiver: title, events, requests: receiver.requests(), ...figuresOf([...receiver.taken.values()], events, startedAtMs) }
  } finally {
    await installation.stop()
    await receiver.close()
    await other?.close()
    await simulator.stop()
  }
}

function figuresOf(taken: readonly { times: number; lagMs: number; atMs: number }[], events: number, startedAtMs: number) {
  const endedAtMs = Math.max(startedAtMs + 1, ...taken.map(({ atMs }) => atMs))
  const lags = taken.map(({ lagMs }) => lagMs)
  return {
    missing: events - taken.length,
    duplicates: taken.reduce((sum, { times }) => sum + times - 1, 0),
    deliveriesPerSecond: (taken.length / (endedAtMs - startedAtMs)) * 1_000,
    lagP50Ms: percentile(lags, 0.5),
    lagP99Ms: percentile(lags, 0.99),
  }
}
