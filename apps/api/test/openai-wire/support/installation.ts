import { randomUUID } from "node:crypto"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type AppProcess, freePort, startApp, withDatabase } from "@sluice/devstack"
import { type Simulator, type SimulatorOptions, startSimulator } from "@sluice/simulator"
import OpenAI, { type ClientOptions } from "openai"
import { inject } from "vitest"

export const adminKey = "sk_openai_wire_test"

/** A database for all runs, so that old ones do not pile up; each run has a namespace in Redis and a tenant of its own. */
const database = "sluice-openai-test"

export interface Installation {
  /** Of the API. */
  readonly url: string
  /** Behind all endpoints. */
  readonly simulator: Simulator
  readonly tenant: string
  /** The official client, unmodified: only its address and its key are ours. */
  client(options?: ClientOptions): OpenAI
  /** A call of the API itself, as JSON. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly json: unknown }>
  /** What a job was sent to the provider as, last. */
  lastBody(): unknown
  /** Ends the API process as a crash does, and starts another at the same address. */
  crashApi(): Promise<void>
  close(): Promise<void>
}

export interface InstallationOptions {
  readonly simulator?: SimulatorOptions
  /** More of `sluice.yaml`. */
  readonly configuration?: object
  readonly workers?: number
}

const breaker = { thinFailures: 3, openMs: 500, maxOpenMs: 1_000, probes: 1 }

/** An API, workers and a simulated provider as processes on real services. */
export async function startInstallation({
  simulator: simulated,
  configuration = {},
  workers = 1,
}: InstallationOptions = {}): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-openai-"))
  const simulator = await startSimulator({ log: { bodies: true }, ...simulated })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const configPath = join(folder, "sluice.yaml")
  const tenant = `t-${randomUUID()}`
  await writeFile(configPath, JSON.stringify({ ...defaultConfiguration(simulator), tenants: { [tenant]: {} }, ...configuration }))
  const environment = {
    SLUICE_CONFIG: configPath,
    SLUICE_NAMESPACE: `test-${randomUUID().slice(0, 13)}`,
    SLUICE_ADMIN_KEY: adminKey,
    REDIS_URL: inject("redisUrl"),
    MONGODB_URL: withDatabase(inject("mongodbUrl"), database),
    PORT: String(port),
    SIM_KEY: "sk-simulated",
  }
  const start = (app: string, log: string) => startApp({ app, environment, logFile: join(folder, `${log}.log`) })
  let api = await start("api", "api")
  const running: AppProcess[] = []
  for (let index = 0; index < workers; index++) running.push(await start("worker", `worker-${index}`))
  const headers = { authorization: `Bearer ${adminKey}`, "x-sluice-tenant": tenant }
  return {
    url,
    simulator,
    tenant,
    client: (options = {}) =>
      new OpenAI({
        apiKey: adminKey,
        baseURL: `${url}/openai/v1`,
        maxRetries: 0,
        ...options,
        defaultHeaders: { "x-sluice-tenant": tenant, ...options.defaultHeaders },
      }),
    async call(method, path, body, more = {}) {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: { ...headers, ...more, ...(body !== undefined && { "content-type": "application/json" }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, json: text === "" ? null : JSON.parse(text) }
    },
    lastBody: () => simulator.requests().at(-1)?.body,
    async crashApi() {
      process.kill(api.pid, "SIGKILL")
      await api.ended
      api = await start("api", "api-again")
    },
    async close() {
      await Promise.all([...running, api].map((app) => app.stop()))
      await simulator.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function defaultConfiguration({ url }: Simulator): object {
  const endpoint = (model: string) => ({
    provider: "openai",
    baseUrl: `${url}/v1`,
    model,
    apiKey: "env:SIM_KEY",
    region: "eu",
    breaker,
    timeoutMs: 3_000,
  })
  const route = (kind: string, ...endpoints: string[]) => ({ kind, tiers: [{ name: "primary", endpoints }] })
  return {
    endpoints: {
      "sim-a": endpoint("gpt-4o-mini"),
      "sim-b": endpoint("gpt-4o-mini"),
      big: endpoint("gpt-4.1"),
      vectors: endpoint("text-embedding-3-small"),
      painter: endpoint("gpt-image-1"),
      other: { provider: "anthropic", baseUrl: url, model: "claude-haiku-4-5", apiKey: "env:SIM_KEY" },
    },
    routes: {
      chat: route("chat", "sim-a", "sim-b"),
      also: route("chat", "sim-a"),
      big: route("chat", "big"),
      claude: route("chat", "other"),
      embed: route("embedding", "vectors"),
      draw: route("image", "painter"),
    },
    webhooks: { allowPrivate: ["127.0.0.0/8"] },
  }
}
