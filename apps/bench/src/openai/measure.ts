import { startSimulator } from "@sluice/simulator"
import OpenAI from "openai"
import { type BenchOptions, onServices } from "../lib/bench.ts"
import { concurrently } from "../lib/concurrently.ts"
import { asPercent, countBy, percentile, table } from "../lib/figures.ts"
import { startInstallation } from "../lib/installation.ts"
import { simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"

const defaultCalls = 1_000
const callers = 32
const latency = { baseMs: 50, jitterMs: 50 }
/** A provider that hangs is given up after so long. */
const timeoutMs = 2_000
/** Nothing is tried again by the client itself. */
const maxRetries = 0

interface Row {
  readonly road: "provider" | "sluice"
  readonly calls: number
  readonly failed: number
  readonly byError: Readonly<Record<string, number>>
  readonly p50Ms: number
  readonly p99Ms: number
}

/** `chat.completions` by OpenAI's own client where 15 of 100 calls to the provider fail: straight to it, and through Sluice. */
export async function measureOpenai(options: BenchOptions): Promise<void> {
  const calls = options.jobs ?? (options.isShort ? 20 : defaultCalls)
  const rows = await onServices(options, async ({ services, name }) => {
    const simulator = await startSimulator({ profile: "fault-mix", seed: options.seed, latency })
    const installation = await startInstallation({
      services,
      name,
      configuration: {
        endpoints: { a: simulatedEndpoint(simulator, { timeoutMs }), b: simulatedEndpoint(simulator, { timeoutMs }) },
        routes: { chat: { tiers: [{ name: "primary", endpoints: ["a", "b"] }] } },
      },
      concurrency: 100,
      inherited: options.environment,
    })
    try {
      const straight = new OpenAI({ apiKey: "sk-simulated", baseURL: `${simulator.url}/v1`, maxRetries, timeout: timeoutMs })
      const through = new OpenAI({ apiKey: installation.adminKey, baseURL: `${installation.url}/openai/v1`, maxRetries })
      return [
        await measureRoad(straight, { road: "provider", model: "sim-1", calls }),
        await measureRoad(through, { road: "sluice", model: "chat", calls }),
      ]
    } finally {
      await installation.stop()
      await simulator.stop()
    }
  })
  writeResults("openai", options, { settings: { calls, callers, latency, timeoutMs, maxRetries, profile: "fault-mix" }, rows })
  const heading = ["road", "calls", "failed", "share", "p50 ms", "p99 ms", "errors"]
  const lines = rows.map(({ road, failed, byError, p50Ms, p99Ms }) => [
    road,
    calls,
    failed,
    asPercent(failed / calls),
    Math.round(p50Ms),
    Math.round(p99Ms),
    Object.entries(byError)
      .map(([error, count]) => `${error}: ${count}`)
      .join(", "),
  ])
  process.stdout.write(`\n${table([heading, ...lines])}\n`)
}

async function measureRoad(
  client: OpenAI,
  { road, model, calls }: { readonly road: Row["road"]; readonly model: string; readonly calls: number },
): Promise<Row> {
  const times: number[] = []
  const errors: string[] = []
  await concurrently(calls, callers, async (index) => {
    const startedAt = performance.now()
    try {
      const { choices } = await client.chat.completions.create({ model, messages: [{ role: "user", content: `Call ${index}` }] })
      if (!choices[0]?.message.content) throw new Error("The answer is empty.")
    } catch (error) {
      errors.push(error instanceof Error ? error.constructor.name : String(error))
    }
    times.push(performance.now() - startedAt)
  })
  return {
    road,
    calls,
    failed: errors.length,
    byError: countBy(errors, (name) => name),
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
  }
}
