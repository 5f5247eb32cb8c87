import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { freePort } from "../../packages/devstack/src/index.ts"
import type { Releasers } from "../../packages/runtime/src/index.ts"
import { type Simulator, startSimulator } from "../../packages/simulator/src/index.ts"
import { type KeptApp, keepRunning } from "../lib/keep-running.ts"

export interface ProductOptions {
  readonly folder: string
  readonly redisPort: number
  readonly mongodbPort: number
  readonly apis: number
  readonly workers: number
  readonly simulators: readonly Simulator[]
  readonly releasers: Releasers
  readonly report: (line: string) => void
}

/** The product as it runs in production: several processes of each kind, started again when they die. */
export interface Product {
  readonly apiUrls: readonly string[]
  readonly apiKey: string
  readonly apis: readonly KeptApp[]
  readonly workers: readonly KeptApp[]
}

const apiKey = "sk_chaos"
/** So that what could not be delivered is delivered within the time of a run. */
const deliveryWaitsMs = [0, 1_000, 2_000, 5_000, 5_000, 10_000, 10_000, 10_000, 20_000, 20_000, 20_000]

/** Providers that take their time, so that every fault meets calls under way, and answer well as long as nobody harms them. */
export async function startProviders({ jobs, seed, releasers }: { jobs: number; seed: number; releasers: Releasers }) {
  const options = { latency: { baseMs: 300, jitterMs: 1_200 }, log: { capacity: jobs * 5, bodies: false } }
  const simulators = await Promise.all([0, 1].map((index) => startSimulator({ ...options, seed: (seed + index) % 2 ** 32 })))
  for (const simulator of simulators) releasers.push({ name: `simulator ${simulator.url}`, release: () => simulator.stop() })
  return simulators
}

export async function startProduct(options: ProductOptions): Promise<Product> {
  const { folder, redisPort, mongodbPort, releasers, report } = options
  mkdirSync(folder, { recursive: true })
  const configPath = join(folder, "sluice.yaml")
  writeFileSync(configPath, configurationOf(options.simulators))
  const environment = {
    ...process.env,
    SLUICE_CONFIG: configPath,
    SLUICE_NAMESPACE: "chaos",
    SLUICE_ADMIN_KEY: apiKey,
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    MONGODB_URL: `mongodb://127.0.0.1:${mongodbPort}/chaos`,
    CHAOS_PROVIDER_KEY: "chaos",
  }
  const start = async (app: string, number: number, extra: Readonly<Record<string, string>> = {}) => {
    const name = `${app}-${number}`
    const kept = await keepRunning({
      app,
      environment: { ...environment, ...extra },
      logFile: join(folder, "logs", `${name}.log`),
      report: (line) => report(`${name}: ${line}`),
    })
    releasers.push({ name, release: () => kept.stop(), timeoutMs: 60_000 })
    return kept
  }
  const ports = await Promise.all(Array.from({ length: options.apis }, () => freePort()))
  const apis = await Promise.all(ports.map((port, index) => start("api", index + 1, { PORT: String(port) })))
  const workers = await Promise.all(Array.from({ length: options.workers }, (_, index) => start("worker", index + 1)))
  return { apiUrls: ports.map((port) => `http://127.0.0.1:${port}`), apiKey, apis, workers }
}

function configurationOf(simulators: readonly Simulator[]): string {
  const names = simulators.map((_, index) => `sim-${index + 1}`)
  const endpoints = simulators.map(
    ({ url }, index) =>
      `  ${names[index]}: { provider: openai, baseUrl: "${url}/v1", model: sim-1, apiKey: env:CHAOS_PROVIDER_KEY, timeoutMs: 5000 }\n`,
  )
  return `endpoints:
${endpoints.join("")}routes:
  chat: { tiers: [{ name: primary, endpoints: [${names.join(", ")}] }] }
webhooks: { allowPrivate: [127.0.0.1/32], scheduleMs: [${deliveryWaitsMs.join(", ")}] }
`
}
